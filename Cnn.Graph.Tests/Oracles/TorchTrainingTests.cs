using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Whole training steps against PyTorch in double precision, where it is installed.</summary>
[Category("Oracle")]
public class TorchTrainingTests
{
    private const int Batch = 32, Steps = 5;

    private const string Script = """
        import array, json, sys, torch
        from torch import nn
        folder, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        read = lambda name, dtype: torch.frombuffer(bytearray(open(folder + "/" + name, "rb").read()), dtype=dtype)
        net = eval("nn.Sequential(" + sys.argv[5] + ")").double()
        variables = list(net.parameters()) + [b for b in net.buffers() if b.is_floating_point()]
        numbers, at = read("weights.bin", torch.float32).double(), 0
        for p in variables:
            p.data = numbers[at:at + p.numel()].reshape(p.shape).clone()
            at += p.numel()
        assert at == numbers.numel()
        images = read("images.bin", torch.float32).double().reshape([steps, batch] + json.loads(sys.argv[4]))
        labels = read("labels.bin", torch.int64).reshape(steps, batch)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
        losses = []
        for x, y in zip(images, labels):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach().reshape(1))
        out = torch.cat(losses + [v.detach().flatten() for v in variables])
        array.array("f", out.tolist()).tofile(open(folder + "/out.bin", "wb"))
        """;

    [Test]
    public void Five_steps_of_LeNet5() => Compare(Architecture.Find("lenet5").Build(), """
        nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(),
        nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)
        """);

    /// <summary>Behind convolutions and behind a dense layer; the gathered means and variances are compared too.</summary>
    [Test]
    public void Five_steps_with_batch_normalisation() => Compare(
        Network.Input("image", 3, 8, 8)
            .Conv2d(8, kernel: 3, padding: 1, bias: false).BatchNorm().Relu().MaxPool2d(2)
            .Conv2d(12, kernel: 3, bias: false).BatchNorm(epsilon: 1e-3, average: RunningAverage.Momentum(0.3)).Relu()
            .Flatten().Dense(16, bias: false).BatchNorm().Relu().Dense(10).Build("norms"),
        """
        nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(8, 12, 3, bias=False), nn.BatchNorm2d(12, eps=1e-3, momentum=0.3), nn.ReLU(),
        nn.Flatten(), nn.Linear(48, 16, bias=False), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, 10)
        """);

    /// <summary>Momentum and weight decay, from the same numbers: the losses and every variable of the network agree to 1e-5.</summary>
    private static void Compare(Network network, string torch)
    {
        network = network.WithBatch(Batch);
        using var run = new StepRun(network, Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 5e-4));
        long[] sample = network.Inputs[0].Shape.Sizes()[1..];
        TensorData[] images = [.. Enumerable.Range(0, Steps).Select(s => Tensors.Uniform($"images {s}", [Batch, .. sample]))];
        TensorData[] labels =
            [.. Enumerable.Range(0, Steps).Select(s => TensorData.Vector<long>([.. Enumerable.Range(0, Batch).Select(i => (long)((i * 7) + s) % 10)]))];
        Variable[] variables = [.. network.Parameters, .. network.Variables.OfType<Statistic>()];

        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", Join(variables.Select(v => run[v])));
        folder.Write("images.bin", Join(images));
        folder.Write("labels.bin", Join(labels));
        Python.Run("torch", Script, folder.Path, $"{Batch}", $"{Steps}", $"[{string.Join(", ", sample)}]", torch);
        var expected = new Queue<float>(folder.ReadFloats("out.bin"));

        Assert.Multiple(() =>
        {
            for (int s = 0; s < Steps; s++)
            {
                float loss = expected.Dequeue();
                Assert.That(run.Step(images[s], labels[s], 0.05f), Is.EqualTo(loss).Within(1e-5f * loss), $"loss of step {s}");
            }

            foreach (Variable v in variables)
            {
                float[] numbers = run[v].Floats();
                Assert.That(Tensors.Error(numbers, [.. numbers.Select(_ => expected.Dequeue())]), Is.LessThan(1e-5), v.Name);
            }

            Assert.That(expected, Is.Empty);
        });
    }

    private static byte[] Join(IEnumerable<TensorData> tensors) => [.. tensors.SelectMany(t => t.Bytes.ToArray())];
}
