using System.Text.Json;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>
/// Architectures against torchvision's, or the same modules of PyTorch: the variables have the shapes of its state_dict in its order, a
/// sample takes as many multiplications, and the same weights give the same scores.
/// </summary>
[Category("Oracle")]
public class TorchvisionTests
{
    private const int Batch = 2;

    private const string Script = """
        import array, json, sys, torch
        from torch import nn
        from torchvision import models
        folder, sample = sys.argv[1], json.loads(sys.argv[2])
        net = eval(sys.argv[3]).eval()
        macs = 0
        def count(module, inputs, output):
            global macs
            weight = module.weight
            if isinstance(module, nn.ConvTranspose2d): macs += inputs[0][0].numel() * weight[0].numel()
            elif isinstance(module, (nn.Conv2d, nn.Linear)): macs += output[0].numel() * weight[0].numel()
        for module in net.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)): module.register_forward_hook(count)
        read = lambda name: torch.frombuffer(bytearray(open(folder + "/" + name, "rb").read()), dtype=torch.float32)
        numbers, at, shapes = read("weights.bin"), 0, []
        for v in (v for v in net.state_dict().values() if v.is_floating_point()):
            shapes.append(list(v.shape))
            v.copy_(numbers[at:at + v.numel()].reshape(v.shape))
            at += v.numel()
        assert at == numbers.numel()
        with torch.no_grad():
            out = net(read("images.bin").reshape([-1] + sample))
        array.array("f", out.flatten().tolist()).tofile(open(folder + "/out.bin", "wb"))
        print(json.dumps({"shapes": shapes, "macs": macs}))
        """;

    private const string MobileNet = """
        (lambda conv: nn.Sequential(*conv(3, 32, 2, 1), *[
            m for c, k, s in zip([32, 64, 128, 128, 256, 256] + 6 * [512] + [1024], [64, 128, 128, 256, 256] + 6 * [512] + 2 * [1024],
                                 [1, 2, 1, 2, 1, 2] + 5 * [1] + [2, 1])
            for m in conv(c, c, s, c) + [nn.Conv2d(c, k, 1, bias=False), nn.BatchNorm2d(k), nn.ReLU()]],
            nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(1024, 1000)))(
        lambda c, k, s, g: [
            nn.ZeroPad2d((0, 1, 0, 1) if s == 2 else 1), nn.Conv2d(c, k, 3, s, groups=g, bias=False), nn.BatchNorm2d(k), nn.ReLU()])
        """;

    private const string Generator = """
        nn.Sequential(
            nn.ConvTranspose2d(100, 512, 4, 1, 0, bias=False), nn.BatchNorm2d(512), nn.ReLU(),
            nn.ConvTranspose2d(512, 256, 4, 2, 1, bias=False), nn.BatchNorm2d(256), nn.ReLU(),
            nn.ConvTranspose2d(256, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.ReLU(),
            nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
            nn.ConvTranspose2d(64, 3, 4, 2, 1, bias=False), nn.Tanh())
        """;

    private const string Discriminator = """
        nn.Sequential(
            nn.Conv2d(3, 64, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
            nn.Conv2d(64, 128, 4, 2, 1, bias=False), nn.BatchNorm2d(128), nn.LeakyReLU(0.2),
            nn.Conv2d(128, 256, 4, 2, 1, bias=False), nn.BatchNorm2d(256), nn.LeakyReLU(0.2),
            nn.Conv2d(256, 512, 4, 2, 1, bias=False), nn.BatchNorm2d(512), nn.LeakyReLU(0.2),
            nn.Conv2d(512, 1, 4, 1, 0, bias=False), nn.Flatten())
        """;

    private static IEnumerable<TestCaseData> Networks => new (string Id, string Torch, int Channels, int Side)[]
    {
        ("squeezenet1_0", "models.squeezenet1_0()", 3, 64),
        ("squeezenet1_1", "models.squeezenet1_1()", 3, 64),
        ("densenet121", "models.densenet121()", 3, 64),
        ("densenet169", "models.densenet169()", 3, 32),
        ("densenet201", "models.densenet201()", 3, 32),
        ("densenet161", "models.densenet161()", 3, 32),
        ("mobilenet-v1", MobileNet, 3, 64),
        ("mobilenet_v2", "models.mobilenet_v2()", 3, 64),
        ("dcgan-generator", Generator, 100, 1),
        ("dcgan-discriminator", Discriminator, 3, 64),
    }.Select(row => new TestCaseData(row.Id, row.Torch, row.Channels, row.Side).SetArgDisplayNames(row.Id));

    [TestCaseSource(nameof(Networks))]
    public void The_same_weights_give_the_same_scores(string id, string torch, int channels, int side)
    {
        Network network = Architecture.Find(id).Build(input: [channels, side, side]);
        Dictionary<Value, TensorData> feeds = GraphRunner.Feeds(network.Variables.Select(v => ((Value)v, Numbers(v))));
        TensorData images = feeds[network.Inputs[0]] = Tensors.Uniform("images", [Batch, channels, side, side]);
        using var folder = new TemporaryFolder();
        folder.Write("weights.bin", [.. network.Variables.SelectMany(v => feeds[v].Bytes.ToArray())]);
        folder.Write("images.bin", images.Bytes.ToArray());
        string answer = Python.Run("torchvision", Script, folder.Path, $"[{channels}, {side}, {side}]", torch);
        JsonElement told = JsonDocument.Parse(answer).RootElement;

        float[] scores = GraphRunner.Evaluate(network.Outputs, feeds)[0].Floats();

        Assert.Multiple(() =>
        {
            Assert.That(network.Variables.Select(v => v.Shape.Sizes()), Is.EqualTo(told.GetProperty("shapes").Deserialize<long[][]>()));
            Assert.That(NetworkSummary.Of(network).Macs, Is.EqualTo(told.GetProperty("macs").GetInt64()));
            Assert.That(Tensors.Error(scores, folder.ReadFloats("out.bin")), Is.LessThan(1e-5));
        });
    }

    /// <summary>Weights as training starts; statistics, scales and shifts that differ from channel to channel.</summary>
    private static TensorData Numbers(Variable variable) => variable switch
    {
        Parameter { Role: ParameterRole.Weight } => variable.Initializer.Draw(variable, 1),
        _ when variable.Name.EndsWith("variance", StringComparison.Ordinal) || variable is Parameter { Role: ParameterRole.Scale } =>
            Tensors.Uniform(variable.Name, variable.Shape.Sizes(), low: 0.75f, high: 1.25f),
        _ => Tensors.Uniform(variable.Name, variable.Shape.Sizes(), low: -0.5f, high: 0.5f),
    };
}
