# The front door. `make test` installs what is missing, builds and runs every test.
.PHONY: setup build test clean
setup:
	@tools/setup
build: setup
	@test -f build/build.ninja || meson setup build
	@meson compile -C build
test: build
	@tools/run-tests
clean:
	rm -rf build
