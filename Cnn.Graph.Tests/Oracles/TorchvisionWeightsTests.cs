using Cnn.Graph.Architectures;
using Cnn.Graph.Interop;
using Cnn.Graph.Tests.Support;
using Microsoft.ML.OnnxRuntime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>
/// Weights of torchvision's networks, freshly drawn, taken in by the library: the exported model gives torchvision's scores. They come as a
/// state dictionary, found by its keys, and as PyTorch's own ONNX export, which has neither names nor batch normalizations, found by the
/// order and the shapes of its layers.
/// </summary>
[Category("Oracle")]
public class TorchvisionWeightsTests
{
    /// <summary>Saves a network's state dictionary, its ONNX export if asked for, a picture and the scores that it gives.</summary>
    private const string Script = """
        import array, json, struct, sys, torch, torchvision, warnings
        warnings.filterwarnings("ignore")
        folder, id, side, exports = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4] == "True"
        torch.manual_seed(1)
        net = getattr(torchvision.models, id)(**({"init_weights": True} if id in ("googlenet", "inception_v3") else {})).eval()
        for module in net.modules():
            if isinstance(module, torch.nn.BatchNorm2d):
                for tensor, low, high in ((module.weight, .75, 1.25), (module.bias, -.5, .5), (module.running_mean, -.5, .5), (module.running_var, .75, 1.25)):
                    torch.nn.init.uniform_(tensor, low, high)
        image = torch.rand(1, 3, side, side) * 2 - 1
        with torch.no_grad():
            scores = net(image)
        names = {torch.float32: "F32", torch.int64: "I64"}
        header, at, state = {}, 0, {k: v.contiguous().numpy().tobytes() for k, v in net.state_dict().items()}
        for key, tensor in net.state_dict().items():
            header[key] = {"dtype": names[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + len(state[key])]}
            at += len(state[key])
        head = json.dumps(header).encode()
        with open(folder + "/state.safetensors", "wb") as file:
            file.write(struct.pack("<Q", len(head)) + head)
            for data in state.values():
                file.write(data)
        for name, tensor in (("image.bin", image), ("scores.bin", scores)):
            open(folder + "/" + name, "wb").write(tensor.numpy().tobytes())
        if exports:
            torch.onnx.export(net, image, folder + "/net.onnx")
        """;

    private static IEnumerable<TestCaseData> Networks => new (string Id, int Side, bool Exports, bool IsLong)[]
    {
        ("alexnet", 224, true, false),
        ("vgg11", 224, false, true),
        ("vgg13", 224, false, true),
        ("vgg16", 224, false, true),
        ("vgg19", 224, false, true),
        ("vgg11_bn", 224, true, false),
        ("vgg13_bn", 224, false, true),
        ("vgg16_bn", 224, true, true),
        ("vgg19_bn", 224, false, true),
        ("googlenet", 224, true, false),
        ("inception_v3", 299, true, false),
        ("resnet18", 224, true, false),
        ("resnet34", 224, true, false),
        ("resnet50", 224, true, false),
        ("resnet101", 224, true, true),
        ("resnet152", 224, true, false),
        ("squeezenet1_0", 224, true, false),
        ("squeezenet1_1", 224, true, false),
        ("mobilenet_v2", 224, true, false),
        ("densenet121", 224, true, false),
        ("densenet169", 224, false, true),
        ("densenet201", 224, false, true),
        ("densenet161", 224, false, true),
    }.Select(row =>
    {
        TestCaseData test = new TestCaseData(row.Id, row.Side, row.Exports).SetArgDisplayNames(row.Id);
        return row.IsLong ? test.SetCategory("Long") : test;
    });

    [TestCaseSource(nameof(Networks))]
    public void The_exported_model_gives_the_scores_of_torchvision(string id, int side, bool exports)
    {
        using var folder = new TemporaryFolder();
        Python.Run("torchvision", Script, folder.Path, id, $"{side}", $"{exports}");
        Architecture architecture = Architecture.Find(id);
        Network network = architecture.Build(input: [3, side, side]);
        IReadOnlyDictionary<string, string> keys = architecture.StateDictKeys(network);

        WeightImport byKey = WeightImport.Of(network, folder["state.safetensors"], keys);
        Compare(byKey, id, folder);
        Assert.Multiple(() =>
        {
            Assert.That(byKey.IsByName, Is.True);
            Assert.That(byKey.Matches.Select(m => m.Change), Is.All.EqualTo(WeightChange.None));
            Assert.That(byKey.Unused, Is.All.Matches("^(aux|AuxLogits)"), "all but the auxiliary classifiers, which this network has not");
        });
        if (exports)
        {
            WeightImport byOrder = WeightImport.Of(network, folder["net.onnx"]);
            Compare(byOrder, id, folder);
            Assert.Multiple(() =>
            {
                Assert.That(byOrder.IsByName, Is.False);
                Assert.That(byOrder.Unused, Is.Empty);
            });
        }
    }

    private static void Compare(WeightImport import, string id, TemporaryFolder folder)
    {
        import.ToModel().SaveOnnx(folder["ours.onnx"]);
        using var options = new SessionOptions();
        using var session = new InferenceSession(folder["ours.onnx"], options);
        float[] image = folder.ReadFloats("image.bin");
        long[] dims = import.Network.WithBatch(1).Inputs[0].Shape.Sizes();
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(image, dims);
        using var run = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, ["image"], [input], ["output"]);
        double error = Tensors.Error(outputs[0].GetTensorDataAsSpan<float>(), folder.ReadFloats("scores.bin"));
        TestContext.Out.WriteLine($"{id}: {import} Largest relative difference {error:E1}");
        Assert.That(error, Is.LessThan(1e-4));
    }
}
