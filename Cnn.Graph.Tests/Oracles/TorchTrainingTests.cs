using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Whole training steps against PyTorch in double precision, where it is installed.</summary>
[Category("Oracle")]
public class TorchTrainingTests
{
    private const int Batch = 32, Steps = 5;

    private const string Script = """
        import array, sys, torch
        from torch import nn
        folder, batch, steps = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
        read = lambda name, dtype: torch.frombuffer(bytearray(open(folder + "/" + name, "rb").read()), dtype=dtype)
        net = nn.Sequential(
            nn.Conv2d(1, 6, 5, padding=2), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5), nn.Tanh(),
            nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10)).double()
        numbers, at = read("weights.bin", torch.float32).double(), 0
        for p in net.parameters():
            p.data = numbers[at:at + p.numel()].reshape(p.shape).clone()
            at += p.numel()
        assert at == numbers.numel()
        images = read("images.bin", torch.float32).double().reshape(steps, batch, 1, 28, 28)
        labels = read("labels.bin", torch.int64).reshape(steps, batch)
        optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9, weight_decay=5e-4)
        losses = []
        for x, y in zip(images, labels):
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            losses.append(loss.detach().reshape(1))
        out = torch.cat(losses + [p.detach().flatten() for p in net.parameters()])
        array.array("f", out.tolist()).tofile(open(folder + "/out.bin", "wb"))
        """;

    /// <summary>LeNet-5, momentum and weight decay, from the same numbers: the losses and every parameter agree to 1e-5.</summary>
    [Test]
    public void Five_steps_of_LeNet5()
    {
        Network network = Architecture.Find("lenet5").Build();
        TrainGraph graph = TrainGraph.Of(network.WithBatch(Batch), Loss.SoftmaxCrossEntropy(), Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 5e-4));
        TensorData[] images = [.. Enumerable.Range(0, Steps).Select(s => Tensors.Uniform($"images {s}", [Batch, 1, 28, 28]))];
        TensorData[] labels = [.. Enumerable.Range(0, Steps).Select(s => TensorData.Vector<long>([.. Enumerable.Range(0, Batch).Select(i => (long)((i * 7) + s) % 10)]))];
        Dictionary<Value, TensorData> values = GraphRunner.Feeds(graph.Variables.Select(v => ((Value)v, v.Initializer.Draw(v, 1))));
        Parameter[] parameters = [.. graph.Variables.OfType<Parameter>()];

        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", Join(parameters.Select(p => values[p])));
        folder.Write("images.bin", Join(images));
        folder.Write("labels.bin", Join(labels));
        Python.Run("torch", Script, folder.Path, $"{Batch}", $"{Steps}");
        var expected = new Queue<float>(folder.ReadFloats("out.bin"));

        Assert.Multiple(() =>
        {
            using var runner = new GraphRunner([graph.Loss, .. graph.Updates.Select(u => u.Next)]);
            for (int s = 0; s < Steps; s++)
            {
                foreach (Input input in graph.Inputs)
                {
                    values[input] = input.Kind switch { InputKind.Scalar => TensorData.Scalar(0.05f), InputKind.Target => labels[s], _ => images[s] };
                }

                IReadOnlyList<TensorData> results = runner.Run(values);
                foreach ((Update update, TensorData next) in graph.Updates.Zip(results.Skip(1)))
                {
                    values[update.Variable] = next;
                }

                float loss = expected.Dequeue();
                Assert.That(results[0].Floats()[0], Is.EqualTo(loss).Within(1e-5f * loss), $"loss of step {s}");
            }

            foreach (Parameter p in parameters)
            {
                float[] numbers = values[p].Floats();
                Assert.That(Tensors.Error(numbers, [.. numbers.Select(_ => expected.Dequeue())]), Is.LessThan(1e-5), p.Name);
            }

            Assert.That(expected, Is.Empty);
        });
    }

    private static byte[] Join(IEnumerable<TensorData> tensors) => [.. tensors.SelectMany(t => t.Bytes.ToArray())];
}
