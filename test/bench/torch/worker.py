"""Answers one JSON request a line: {"prepare": task} or {"run": n}, so that the caller can alternate contestants."""

import json
import sys
import time

import torch

from tasks import tasks


def main():
    run = None
    for line in sys.stdin:
        request = json.loads(line)
        if "prepare" in request:
            task = request["prepare"]
            torch.manual_seed(0)
            started = time.perf_counter()
            run, about = tasks[task["name"]](task, task["compiled"])
            for _ in range(task.get("warm", 3)):
                run()
            synchronise()
            answer = {"ready": time.perf_counter() - started, **about}
        else:
            answer = {"seconds": [timed(run) for _ in range(request["run"])]}
        print(json.dumps(answer), flush=True)


def synchronise():
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def timed(run):
    started = time.perf_counter()
    run()
    synchronise()
    return time.perf_counter() - started


main()
