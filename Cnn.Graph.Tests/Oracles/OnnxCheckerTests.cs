using Cnn.Graph.Architectures;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Oracles;

/// <summary>Models that this library writes, before ONNX's own checker with full shape inference, where it is installed.</summary>
[Category("Oracle")]
public class OnnxCheckerTests
{
    private const string Script = """
        import glob, sys, onnx
        for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):
            name = path.rsplit("/", 1)[-1][:-5]
            try:
                model = onnx.load(path)
                onnx.checker.check_model(model, full_check=True)
                onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
                domains = {o.domain for o in model.opset_import} | {n.domain for n in model.graph.node}
                print(name + "|" + ("sound" if domains == {""} else "domains " + str(sorted(domains))))
            except Exception as e:
                print(name + "|" + str(e).replace("\n", " "))
        """;

    private static readonly Dictionary<string, Func<OnnxModel>> Models = Find();

    private static readonly Lazy<Dictionary<string, string>> Verdicts = new(AskOnnx);

    private static IEnumerable<string> Names => Models.Keys;

    [TestCaseSource(nameof(Names))]
    public void Models_are_sound_and_use_only_standard_operators(string name) => Assert.That(Verdicts.Value[name], Is.EqualTo("sound"));

    private static Dictionary<string, Func<OnnxModel>> Find()
    {
        Network lenet = Architecture.Find("lenet5").Build(), every = Networks.EveryLayer();
        Optimizer sgd = Optimizer.Sgd(0.05, momentum: 0.9, weightDecay: 5e-4);
        var models = new Dictionary<string, Func<OnnxModel>>
        {
            ["lenet5, batch of 4"] = () => Model.Initialize(lenet.WithBatch(4)).ToOnnx(),
            ["lenet5, training"] = () => TrainModel.Of(lenet, Loss.SoftmaxCrossEntropy(), sgd).Onnx,
            ["lenet5, training, batch of 4"] = () => TrainModel.Of(lenet.WithBatch(4), Loss.SoftmaxCrossEntropy(), sgd).Onnx,
            ["lenet5, training, batch of 4 as the last axis"] = () => TrainModel.Of(lenet.WithBatch(4), Loss.SoftmaxCrossEntropy(), sgd, batchLast: true).Onnx,
            ["every layer, training"] = () => TrainModel.Of(every, Loss.SoftmaxCrossEntropy(), sgd).Onnx,
            ["every layer, training, batch of 4"] = () => TrainModel.Of(every.WithBatch(4), Loss.SoftmaxCrossEntropy(), sgd).Onnx,
            ["every layer, training, batch of 4 as the last axis"] = () => TrainModel.Of(every.WithBatch(4), Loss.SoftmaxCrossEntropy(), sgd, batchLast: true).Onnx,
            ["lenet5, training, four batches a step, averages"] =
                () => TrainModel.Of(lenet, Loss.SoftmaxCrossEntropy(), Optimizer.Adam() with { AccumulationSteps = 4, AveragingDecay = 0.999 }).Onnx,
            ["every layer, training, squared error"] = () => TrainModel.Of(every, Loss.MeanSquaredError(), Optimizer.Sgd()).Onnx,
        };
        foreach (string id in Architecture.All.Select(a => a.Id))
        {
            models.Add(id, () => Model.Initialize(Architectures.ExportTests.Narrow(id)).ToOnnx());
        }

        for (int version = 13; version <= 17; version++)
        {
            int opset = version;
            models.Add($"every layer, operator set {opset}", () => Model.Initialize(every).ToOnnx(opset));
        }

        return models;
    }

    private static Dictionary<string, string> AskOnnx()
    {
        using var folder = new TemporaryFolder();
        foreach ((string name, Func<OnnxModel> model) in Models)
        {
            folder.Write($"{name}.onnx", model().ToBytes());
        }

        return Python.Run("onnx", Script, folder.Path).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
    }
}
