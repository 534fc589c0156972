# The front door. `make run` shows it, `make test` checks it; both install what is missing first.
.PHONY: help setup build run test lint format fuzz clean
help:
	@echo 'make run       set up, build, and start the demo on four cameras'
	@echo 'make test      set up, build, and run every test'
	@echo 'make build     set up and build build/inveye and web/dist'
	@echo 'make setup     Debian packages, the cache of pinned downloads, the converted models'
	@echo 'make lint      formatting and include rules      make format   writes the formatting'
	@echo 'make fuzz      a minute of libFuzzer for each target (SECONDS=60)'
	@echo 'make clean     removes what was built; the cache stays'
setup:
	@tools/setup
build: setup
	@test -f build/build.ninja || meson setup build
	@meson compile -C build
	@tools/build-web
# ARGS goes to the program: make run ARGS='--port 8081'
run: build
	@exec build/inveye run --demo $(ARGS)
# Single stages: tools/run-tests unit web
test:
	@tools/setup test
	@tools/run-tests
lint:
	@tools/check-format
	@tools/lint-includes
format:
	@tools/check-format --fix
fuzz:
	@tools/setup test
	@fuzz/run $(or $(SECONDS),60)
clean:
	rm -rf build build-* web/dist web/node_modules
