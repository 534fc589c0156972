# The front door. `make test` installs what is missing, builds and runs every test.
.PHONY: setup build test fuzz clean
setup:
	@tools/setup
build: setup
	@test -f build/build.ninja || meson setup build
	@meson compile -C build
test: build
	@tools/run-tests
# A minute of libFuzzer for each target: make fuzz SECONDS=60
fuzz: setup
	@fuzz/run $(or $(SECONDS),60)
clean:
	rm -rf build
