"""Times PyTorch's training step, as the peer of `cnn bench --mode train`: the same layers, batch, loss and optimiser.

usage: step.py ARCHITECTURE --batch N --steps N      prints one JSON object: {"msMedian", "msMin", "imagesPerSecond"}
"""
import argparse
import json
import time

import torch
from torch import nn


def lenet5():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
        nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)), (1, 28, 28), 10


ARCHITECTURES = {"lenet5": lenet5}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("architecture", choices=ARCHITECTURES)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--steps", type=int, default=200)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    model, shape, classes = ARCHITECTURES[arguments.architecture]()
    images = torch.randn(arguments.batch, *shape)
    labels = torch.randint(0, classes, (arguments.batch,))
    loss = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9, weight_decay=5e-4)
    milliseconds = []
    for step in range(arguments.steps + 10):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        value = loss(model(images), labels)
        value.backward()
        optimizer.step()
        value.item()
        if step >= 10:  # the first steps warm up
            milliseconds.append((time.perf_counter() - start) * 1000)
    milliseconds.sort()
    median = milliseconds[len(milliseconds) // 2]
    print(json.dumps({"msMedian": median, "msMin": milliseconds[0], "imagesPerSecond": arguments.batch * 1000 / median}))


if __name__ == "__main__":
    main()
