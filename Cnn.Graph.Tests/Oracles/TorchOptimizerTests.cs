using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Every optimiser that PyTorch has too, over eight steps with a rate that changes, where it is installed.</summary>
[Category("Oracle")]
public class TorchOptimizerTests
{
    private static readonly double[] Rates = [0.1, 0.1, 0.1, 0.02, 0.02, 0.02, 0.005, 0.005];

    private static readonly (string Name, Optimizer Optimizer, string Torch)[] Pairs =
    [
        ("sgd", Optimizer.Sgd(weightDecay: 0.01), "SGD(w, lr=1, weight_decay=0.01)"),
        ("momentum", Optimizer.Sgd(momentum: 0.9, weightDecay: 0.01), "SGD(w, lr=1, momentum=0.9, weight_decay=0.01)"),
        ("nesterov", Optimizer.Sgd(momentum: 0.9, weightDecay: 0.01, form: MomentumForm.Nesterov), "SGD(w, lr=1, momentum=0.9, weight_decay=0.01, nesterov=True)"),
        ("adagrad", Optimizer.Adagrad(weightDecay: 0.01), "Adagrad(w, lr=1, weight_decay=0.01)"),
        ("rmsprop", Optimizer.RmsProp(decay: 0.9, momentum: 0.5, weightDecay: 0.01), "RMSprop(w, lr=1, alpha=0.9, momentum=0.5, weight_decay=0.01)"),
        ("adam", Optimizer.Adam(weightDecay: 0.01), "Adam(w, lr=1, weight_decay=0.01)"),
        ("amsgrad", Optimizer.Adam(beta2: 0.5, amsGrad: true), "Adam(w, lr=1, betas=(0.9, 0.5), amsgrad=True)"),
        ("adamw", Optimizer.AdamW(weightDecay: 0.1), "AdamW(w, lr=1, weight_decay=0.1)"),
    ];

    /// <summary>L = Σ c·(w − 2)²·w over three weights, from w = 1.</summary>
    private const string Script = """
        import sys, torch
        rates = [float(r) for r in sys.argv[1].split(",")]
        for make in sys.argv[2:]:
            p = torch.ones(3, dtype=torch.float64, requires_grad=True)
            c = torch.tensor([1.0, -0.5, 3.0], dtype=torch.float64)
            optimizer = eval("torch.optim." + make, {"torch": torch, "w": [p]})
            path = []
            for rate in rates:
                optimizer.param_groups[0]["lr"] = rate
                optimizer.zero_grad()
                (c * (p - 2) ** 2 * p).sum().backward()
                optimizer.step()
                path.append(p[0].item())
            print(" ".join(repr(x) for x in path + p.tolist()))
        """;

    private static readonly Lazy<string[]> Lines = new(() => Python.Run(
        "torch", Script, [string.Join(',', Rates.Select(r => FormattableString.Invariant($"{r}"))), .. Pairs.Select(p => p.Torch)])
        .Split('\n', StringSplitOptions.RemoveEmptyEntries));

    private static IEnumerable<string> Names => Pairs.Select(p => p.Name);

    [TestCaseSource(nameof(Names))]
    public void Steps_are_those_of_PyTorch(string name)
    {
        int index = Array.FindIndex(Pairs, p => p.Name == name);
        float[] expected = [.. Lines.Value[index].Split(' ').Select(x => float.Parse(x, System.Globalization.CultureInfo.InvariantCulture))];
        Parameter w = OptimizerRun.Weight("w", 1, 3);
        Constant c = Cnn.Graph.Operators.Constants.Floats([1, -0.5f, 3], [3]);
        Value d = w - 2;
        var run = new OptimizerRun(Pairs[index].Optimizer, (c * d * d * w).Sum(), w);
        float[] path = [.. run.Run(w, Rates), .. run[w]];
        // 1 − beta2ᵗ loses digits in float while t is small, which Adam's first steps show.
        Assert.That(Tensors.Error(path, expected), Is.LessThan(5e-6));
    }
}
