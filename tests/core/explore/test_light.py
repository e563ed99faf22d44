import subprocess
import sys


def test_the_room_is_light_enough_for_the_web_process():
    modules = "core.explore, core.explore.projection, core.explore.clusters"
    heavy = "{'numba', 'sklearn', 'scipy', 'umap', 'torch'} & set(sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", f"import sys, {modules}; print({heavy})"], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
