/** What `tsnb run --help` says. */
export const USAGE = `tsnb run [options] NOTEBOOK…

Executes notebooks with the TypeScript kernel, stops each at its first failing cell, and writes the executed
notebooks, while they run and at the end, results.json, history.jsonl, from which it knows what is usual, and one
self-contained index.html.

Where to
  -o, --output DIR        where these go (default: report)
      --in-place          rewrite the notebooks themselves with the new outputs as well
      --junit FILE        JUnit XML with one case a cell

With what
  -p, --param NAME=VALUE  set a parameter: a variable that the cell tagged parameters declares with let, and whose
                          type the value must have, which is checked before anything runs; repeatable
      --param-file FILE   parameters by name, YAML or JSON
      --matrix NAME=A,B … run once for every combination, as in --matrix scale=smoke,full seed=0,1
  -e, --env NAME=VALUE    set a variable of the kernel's environment, such as SCALE=full; repeatable
      --kernel COMMAND    another kernel, for example "python3 -m ipykernel -f {connection_file}"

How far
      --timeout S         seconds for one cell (default: 1800)
      --total-timeout S   seconds for one notebook (default: 14400)
      --retries N         run a notebook again whose kernel was lost, so many times, and say so (default: 0)
      --shard K/N         run the K-th of N parts alone, each on a machine of its own; tsnb merge joins their reports
      --budgets FILE      what notebooks and cells may take, YAML or JSON: by the name of a notebook, or "*" for all,
                          seconds, memory, the same for each cell, and for cells by id; the tags seconds=… and
                          memory=… of a cell go before them. Memory by cell is known on Linux alone
  -j, --jobs N            notebooks run at the same time (default: 1)

What need not run
      --changed           take the outputs of an earlier success where its code, all files of the project and of its
                          packages, the environment and Node are as they were; where a cell asks the network, another
                          program, a folder of the system or a cache, and with --compare or --twice, the notebook
                          runs. A module with the line "// tsnb: pinned" says that checksums settle what it fetches.
                          A run that was killed goes on with the first notebook that it had not finished

What to hold against it
      --compare           compare the outputs with those in the notebooks, numbers within --rtol and --atol
      --rtol X, --atol X  relative and absolute tolerance (default: 1e-5 and 1e-8); the tags rtol=… and atol=… of a
                          cell go before them, the tag volatile leaves a cell out
      --twice             run each notebook twice and name what differs: what is random should be seeded
  -h, --help

Of what a cell prints, the first and the last million characters are kept, with a word on how many are between.
The tag raises-exception lets a cell fail, skip-execution leaves it out: its outputs stay as they are.
SCALE, BACKEND, SEED and the rest of the environment reach the kernel unchanged.
Exit code: 0 all well, 1 a cell failed, 2 wrong usage or a notebook that cannot be read, 3 a time limit was reached,
4 the kernel or its messages were lost, 5 a named result or a comparison is outside its tolerance,
6 a budget was exceeded.
`;
