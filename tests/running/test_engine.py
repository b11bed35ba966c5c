"""The engine gives a notebook what a real kernel gives it."""

import contextlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import nbformat
import papermill
import pytest
from papermill.exceptions import PapermillExecutionError

from csd_helpers.batch import run_notebooks
from csd_helpers.job import NotebookJob
from tests.running.conftest import write_notebook

ENGINES = ("csd", "standard")
PARITY = {
    "display": [
        "1 + 1",
        "import pandas as pd\npd.DataFrame({'a': [1, 2], 'b': ['x', None]})",
        "from IPython.display import HTML, Image, Markdown, clear_output, display\nHTML('<b>x</b>')",
        "display(Markdown('*m*'), 3)\ndisplay({'text/html': '<i>r</i>', 'text/plain': 'r'}, raw=True)",
        "handle = display('first', display_id='here')",
        "handle.update('second')",
        "print('gone')\nclear_output()\nprint('stays')",
        "print('gone, too')\nclear_output(wait=True)\n'after'",
        "_, In[1], Out[3]",
        "class Card:\n    def _repr_html_(self):\n        return '<p>card</p>'\n\n\nCard()",
        "class Bundle:\n    def _repr_mimebundle_(self, **_):\n"
        "        return {'text/plain': 'b', 'application/json': {'a': (1,)}}\n\n\nBundle()",
        "1;",
    ],
    "printing": [
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
        "print('early', flush=True)\nprint('late')",
        # A kernel reads what a child process prints in a thread: it is given the time to.
        "import subprocess, time\n_ = subprocess.run(['echo', 'child'])\ntime.sleep(0.5)",
        "import os\n_ = os.system('echo shell')\ntime.sleep(0.5)",
        "!echo bang",
        "sys.stdout.fileno() > 0, sys.stdout.isatty(), sys.stdin is None",
        "import logging\nlogging.basicConfig()\nlogging.warning('logged')",
        "import warnings\nwarnings.warn('careful')",
        "import threading\nthread = threading.Thread(target=print, args=['from a thread'])\nthread.start()\n"
        "thread.join()",
        "%%capture caught\nprint('caught')",
        "caught.stdout",
        "%%bash\necho magic",
    ],
    "kernel": [
        "get_ipython().__class__.__name__",
        "import asyncio\nawait asyncio.sleep(0.01)\n'awaited'",
        "async def answer():\n    return 42\n\n\nawait answer()",
        "asyncio.get_running_loop().is_running()",
        "__name__",
        "import pickle\nclass Thing:\n    pass\n\n\ntype(pickle.loads(pickle.dumps(Thing()))).__name__",
        "from tqdm.auto import tqdm\ntqdm.__name__",
        "import pandas as pd\npd.get_option('display.max_columns')",
        "%who",
        "import os\nos.environ['MPLBACKEND']",
    ],
    "figures": [
        "from matplotlib.figure import Figure\nFigure()",
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2]);",
        "fig",
        "plt.plot([1])\nplt.show()\nprint('after')",
        "plt.figure()\nplt.figure()\nNone",
        "plt.get_fignums()",
        "%matplotlib inline\nplt.plot([3, 1]);",
        "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'fixed'",
        "plt.title('as SVG');",
    ],
    "broken": ["def ratio(a, b):\n    return a / b\n\n\nratio(1, 0)", "print('not reached')"],
    "syntax": ["1 +"],
    "broken_display": ["class Card:\n    def _repr_html_(self):\n        return 1 / 0\n\n\nCard()"],
}


def executed(notebook: Path, **limits: Any) -> nbformat.NotebookNode:
    """Execute a notebook and return it as it was written, whether it succeeded or not."""
    out = notebook.with_name("out.ipynb")
    with contextlib.suppress(PapermillExecutionError):
        papermill.execute_notebook(notebook, out, engine_name="csd", progress_bar=False, **limits)
    return nbformat.read(out, as_version=4)


def outputs(notebook: nbformat.NotebookNode) -> list[Any]:
    """Return sources, counts and outputs without what differs from process to process."""
    cells = [[c.source, c.execution_count, c.outputs] for c in notebook.cells if c.cell_type == "code"]
    text = json.dumps(cells)
    text = re.sub(r"/tmp/ipykernel_\d+/\d+\.py|<ipython-input-[^>]*>|\b\d{7,}\.py", "CELL", text)
    cells = json.loads(re.sub(r"<dc:date>[^<]*|0x[0-9a-f]+", "", text))
    for output in (output for _, _, outputs in cells for output in outputs if "traceback" in output):
        plain = re.sub("\x1b\\[[0-9;]*m", "", "\n".join(output["traceback"]))
        output["traceback"] = re.findall(r"Cell In\[\d+\], line \d+|\w+Error: .*", plain)
    return cells


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Execute the notebooks above with both engines, in processes of their own."""
    folder = tmp_path_factory.mktemp("parity")
    notebooks = [write_notebook(folder / f"{name}.ipynb", *cells) for name, cells in PARITY.items()]
    jobs = [
        NotebookJob(n, 1, {}, {}, f"{engine}/{n.stem}.html", f"{engine}/{n.name}", engine, "markdown")
        for n in notebooks
        for engine in ENGINES
    ]
    run_notebooks(jobs, folder, 2)
    return folder


@pytest.mark.parametrize("name", PARITY)
def test_outputs_equal_those_of_a_kernel(name: str, both: Path) -> None:
    ours, theirs = (nbformat.read(both / engine / f"{name}.ipynb", 4) for engine in ENGINES)
    assert outputs(ours) == outputs(theirs)
    assert ours.metadata.language_info == theirs.metadata.language_info


def last(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    return notebook.cells[-1].outputs[-1]


def test_input_fails_at_once(tmp_path: Path) -> None:
    result = executed(write_notebook(tmp_path / "a.ipynb", "input('name? ')"))
    assert (last(result).ename, last(result).evalue) == (
        "StdinNotImplementedError",
        "a notebook in a batch cannot ask for input",
    )


@pytest.mark.parametrize("leave", ["import sys; sys.exit()", "import sys; sys.exit(0)", "exit()", "quit()"])
def test_leaving_early_is_an_error(leave: str, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", leave, "1")
    with pytest.raises(PapermillExecutionError, match="SystemExit"):
        papermill.execute_notebook(notebook, None, engine_name="csd", progress_bar=False)


@pytest.mark.parametrize(
    "hang",
    [
        "while True:\n    pass",
        "import time\ntime.sleep(60)",
        "import asyncio\nawait asyncio.sleep(60)",
        "try:\n    while True:\n        pass\nexcept Exception:\n    pass",
    ],
)
def test_a_cell_over_its_limit_is_stopped_and_named(hang: str, tmp_path: Path) -> None:
    start = time.monotonic()
    result = executed(write_notebook(tmp_path / "a.ipynb", hang), execution_timeout=0.3)
    assert time.monotonic() - start < 5
    assert last(result).ename == "CellTimeoutError"
    assert last(result).evalue == "the cell ran longer than its limit of 0.3 seconds"


def test_a_notebook_over_its_limit_is_stopped(tmp_path: Path) -> None:
    cells = ["import time\ntime.sleep(0.2)"] * 9
    notebook = write_notebook(tmp_path / "a.ipynb", *cells)
    result = executed(notebook, execution_timeout=5, total_timeout=0.5)
    errors = [o.evalue for c in result.cells if c.cell_type == "code" for o in c.outputs if "evalue" in o]
    assert errors == ["the notebook ran longer than its limit of 0.5 seconds"]


def test_the_process_is_put_back_as_it_was(tmp_path: Path) -> None:
    before = (sys.stdout, sys.path[:], dict(os.environ), Path.cwd(), sys.modules["__main__"])
    spoil = "import os, sys\nos.chdir('/')\nos.environ['X'] = '1'\nsys.path.append('y')\nsys.stdout = None"
    executed(write_notebook(tmp_path / "a.ipynb", spoil))
    assert (sys.stdout, sys.path[:], dict(os.environ), Path.cwd(), sys.modules["__main__"]) == before
    assert not list(tmp_path.parent.glob("csd-output-*"))


def test_a_thread_that_outlives_its_cell_prints_nowhere(tmp_path: Path) -> None:
    start = (
        "import threading, time\n"
        "def late():\n    time.sleep(0.1)\n    print('late')\n\n\nthreading.Thread(target=late).start()"
    )
    result = executed(write_notebook(tmp_path / "a.ipynb", start, "time.sleep(0.3)"))
    assert [cell.outputs for cell in result.cells if cell.cell_type == "code"] == [[], [], []]


def test_a_forked_child_of_a_cell_is_heard(tmp_path: Path) -> None:
    fork = "import os\nif not os.fork():\n    print('child')\n    os._exit(0)\n_ = os.wait()"
    result = executed(write_notebook(tmp_path / "a.ipynb", fork))
    assert last(result).text == "child\n"


def test_the_papermill_command_knows_the_engine(tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path / "a.ipynb", "print(period, part)")
    papermill_command = [sys.executable, "-m", "papermill", "--engine", "csd"]
    run = subprocess.run(
        [*papermill_command, str(notebook), str(tmp_path / "out.ipynb"), "-p", "part", "1"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert last(nbformat.read(tmp_path / "out.ipynb", as_version=4)).text == "2020-10 1\n"
    assert "Executing" in run.stderr  # the progress bar is on the terminal, not in the notebook
