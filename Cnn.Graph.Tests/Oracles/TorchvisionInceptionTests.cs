using System.Text.Json;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>
/// GoogLeNet and Inception-v3 against torchvision, where it is installed: the same numbers in the same order (but for the heads, which come
/// last here) give the same answers, auxiliary ones too.
/// </summary>
[Category("Oracle")]
public class TorchvisionInceptionTests
{
    private const string Script = """
        import array, json, sys, torch
        from torch import nn
        from torch.nn import functional as F
        from torchvision.models import GoogLeNet, Inception3
        from torchvision.models.googlenet import Inception, InceptionAux
        folder, dims, shapes = sys.argv[1], json.loads(sys.argv[2]), json.load(open(sys.argv[1] + "/shapes.json"))
        read = lambda name: torch.frombuffer(bytearray(open(folder + "/" + name, "rb").read()), dtype=torch.float32).double()
        exec(sys.argv[3])
        net = net.double().eval()
        net.training = True  # The layers answer as in use, but the heads answer too.
        state = {k: v for k, v in net.state_dict().items() if v.is_floating_point()}
        state = [v for head in (False, True) for k, v in state.items() if k.lower().startswith("aux") == head]
        assert [list(v.shape) for v in state] == shapes, "other shapes"
        numbers, at = read("weights.bin"), 0
        for v in state:
            v.copy_(numbers[at:at + v.numel()].reshape(v.shape))
            at += v.numel()
        with torch.no_grad():
            out = torch.cat(net(read("images.bin").reshape(dims)))
        array.array("f", out.flatten().tolist()).tofile(open(folder + "/out.bin", "wb"))
        """;

    /// <summary>
    /// GoogLeNet of Caffe from torchvision's parts: biases, 5x5, local response normalization, and pooling where they differ.
    /// </summary>
    private const string Bvlc = """
        class Conv(nn.Conv2d):
            def forward(self, x):
                return F.relu(super().forward(x))
        class Module(Inception):
            def __init__(self, inputs, c1, r3, c3, r5, c5, pool):
                super().__init__(inputs, c1, r3, c3, r5, c5, pool, conv_block=Conv)
                self.branch3[1] = Conv(r5, c5, 5, padding=2)
        class Head(InceptionAux):
            def __init__(self, inputs, classes, dropout):
                super().__init__(inputs, classes, Conv, dropout)
            def forward(self, x):
                x = self.conv(F.avg_pool2d(x, 5, 3)).flatten(1)
                return self.fc2(F.relu(self.fc1(x)))
        net = GoogLeNet(init_weights=False, blocks=[Conv, Module, Head])
        lrn = lambda module: module.register_forward_hook(lambda m, x, y: F.local_response_norm(y, 5, alpha=1e-4, beta=0.75, k=1))
        lrn(net.maxpool1), lrn(net.conv3)
        net.maxpool4 = nn.MaxPool2d(3, 2, ceil_mode=True)
        """;

    private static IEnumerable<TestCaseData> Networks =>
    [
        Case("googlenet-aux", 224, "net = GoogLeNet(init_weights=False)"),
        Case("googlenet-aux", 96, "net = GoogLeNet(init_weights=False)"),
        Case("googlenet-bvlc-aux", 224, Bvlc),
        Case("inception_v3-aux", 299, "net = Inception3(init_weights=False)"),
    ];

    [TestCaseSource(nameof(Networks))]
    public void Answers(string id, int side, string torch)
    {
        Network network = Architecture.Find(id).Build(input: [3, side, side]).WithBatch(1);
        Variable[] variables = [.. network.Variables];
        TensorData[] numbers = [.. variables.Select(Draw)];
        TensorData image = Tensors.Uniform("image", [1, 3, side, side], -2, 2);

        using var folder = new TemporaryFolder();
        folder.Write("shapes.json", JsonSerializer.SerializeToUtf8Bytes(variables.Select(v => v.Shape.Sizes())));
        folder.Write("weights.bin", [.. numbers.SelectMany(n => n.Bytes.ToArray())]);
        folder.Write("images.bin", image.Bytes.ToArray());
        Python.Run("torchvision", Script, folder.Path, $"[1, 3, {side}, {side}]", torch);
        float[] expected = folder.ReadFloats("out.bin");

        float[] actual =
        [
            .. GraphRunner.Evaluate(network.Outputs, GraphRunner.Feeds([.. variables.Zip(numbers, (v, n) => ((Value)v, n)), (network.Inputs[0], image)]))
                .SelectMany(output => output.Floats()),
        ];
        double error = Tensors.Error(actual, expected);
        TestContext.Out.WriteLine($"{id}: {expected.Length} numbers up to {expected.Max(Math.Abs)}, largest relative error {error:E1}");
        Assert.That(error, Is.LessThan(1e-5));
    }

    private static TestCaseData Case(string id, int side, string torch) => new TestCaseData(id, side, torch).SetArgDisplayNames($"{id}, {side}x{side}");

    /// <summary>
    /// Weights that keep the size of what they are given; scales, shifts and statistics of normalizations, and biases, that do something.
    /// </summary>
    private static TensorData Draw(Variable v)
    {
        string kind = v.Name.Split('/')[^1];
        return kind == "weight" ? Initializer.He.Draw(v, 1)
            : kind is "variance" or "scale" ? Tensors.Uniform(v.Name, v.Shape.Sizes(), 0.5f, 1.5f)
            : Tensors.Uniform(v.Name, v.Shape.Sizes(), -0.2f, 0.2f);
    }
}
