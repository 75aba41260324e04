using System.Text.Json;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>AlexNet and VGG against torchvision, where it is installed.</summary>
[Category("Oracle")]
public class TorchvisionClassicsTests
{
    /// <summary>Networks without the time that drawing first numbers takes.</summary>
    private const string Models = """
        import json, sys, torch, torchvision
        for name in dir(torch.nn.init):
            if name.endswith("_") and not name.startswith("_"):
                setattr(torch.nn.init, name, lambda tensor, *args, **kwargs: tensor)
        def variables(net):
            return [(k, v) for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")]

        """;

    private const string Shapes = Models + """
        print(json.dumps({id: [list(v.shape) for _, v in variables(getattr(torchvision.models, id)())] for id in sys.argv[1:]}))
        """;

    private const string Scores = Models + """
        import numpy as np
        def numbers(tensor, count):
            i = np.arange(count, dtype=np.uint32)
            x = i * np.uint32(2654435761) + np.uint32(tensor * 40503)
            x ^= x >> np.uint32(15)
            x *= np.uint32(2246822519)
            x ^= x >> np.uint32(13)
            return (x >> np.uint32(8)).astype(np.float64) / 2**24 - 0.5
        net = getattr(torchvision.models, sys.argv[1])().eval()
        for tensor, (key, v) in enumerate(variables(net)):
            x = numbers(tensor, v.numel())
            if v.dim() > 1:
                x = x * np.sqrt(24 * v.shape[0] / v.numel())
            elif key.endswith("running_var") or key.endswith("weight"):
                x = x + 1
            v.copy_(torch.from_numpy(x.astype(np.float32)).reshape(v.shape))
        image = torch.from_numpy(numbers(1000, 3 * 224 * 224).astype(np.float32)).reshape(1, 3, 224, 224)
        with torch.no_grad():
            print(json.dumps(net(image)[0].tolist()))
        """;

    private static readonly string[] Ids = ["alexnet", "vgg11", "vgg13", "vgg16", "vgg19", "vgg11_bn", "vgg13_bn", "vgg16_bn", "vgg19_bn"];

    /// <summary>The shapes of all parameters and statistics, in the same order.</summary>
    [Test]
    public void Variables_are_those_of_torchvision()
    {
        var shapes = JsonSerializer.Deserialize<Dictionary<string, long[][]>>(Python.Run("torchvision", Shapes, Ids))!;
        Assert.Multiple(() =>
        {
            foreach (string id in Ids)
            {
                Assert.That(Architecture.Find(id).Build().Variables.Select(v => v.Shape.Sizes()), Is.EqualTo(shapes[id]), id);
            }
        });
    }

    /// <summary>From the same numbers for all of them, and the same picture of 224x224.</summary>
    [Category("Long")]
    [TestCase("alexnet")]
    [TestCase("vgg11_bn")]
    public void Scores_are_those_of_torchvision(string id)
    {
        float[] expected = JsonSerializer.Deserialize<float[]>(Python.Run("torchvision", Scores, id))!;
        Network network = Architecture.Find(id).Build().WithBatch(1);
        Input image = network.Inputs[0];

        float[] scores = GraphRunner.Evaluate(
            network.Outputs[0], [.. network.Variables.Select((v, tensor) => ((Value)v, Drawn(v, tensor))), (image, Drawn(image, 1000))]);

        Assert.That(Tensors.Error(scores, expected), Is.LessThan(1e-5));
    }

    private static TensorData Drawn(Value value, int tensor)
    {
        long[] dims = value.Shape.Sizes();
        var numbers = new float[TensorData.CountOf(dims)];
        double scale = value is Parameter && dims.Length > 1 ? Math.Sqrt(24.0 * dims[0] / numbers.Length) : 1;
        bool isPositive = value is Parameter { Role: ParameterRole.Scale } || value.Name.EndsWith("/variance", StringComparison.Ordinal);
        for (int i = 0; i < numbers.Length; i++)
        {
            uint x = unchecked(((uint)i * 2654435761) + (uint)(tensor * 40503));
            x ^= x >> 15;
            x = unchecked(x * 2246822519);
            x ^= x >> 13;
            numbers[i] = (float)(((((x >> 8) / 16777216.0) - 0.5) * scale) + (isPositive ? 1 : 0));
        }

        return TensorData.Of<float>(numbers, dims);
    }
}
