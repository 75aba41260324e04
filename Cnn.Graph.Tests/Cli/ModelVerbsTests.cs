using System.Text.Json;
using Cnn.Graph.Architectures;
using Cnn.Graph.Onnx;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary>The verbs that write and read ONNX files without training.</summary>
public class ModelVerbsTests : CliFixture
{
    [Test]
    public void Export_writes_the_model_of_the_seed()
    {
        CliResult result = Succeed("export", "lenet5", "--out", InFolder("a.onnx"), "--seed", "7", "--fold-batchnorm");
        Succeed("export", "lenet5", "--out", InFolder("b.onnx"), "--seed", "7");
        Succeed("export", "lenet5", "--out", InFolder("c.onnx"), "--seed", "8");

        Assert.That(result.Output, Is.Empty);
        Assert.That(Read("a.onnx"), Is.EqualTo(Read("b.onnx")).And.Not.EqualTo(Read("c.onnx")));
        Model expected = Model.Initialize(LeNet.Modern.Build(), 7), actual = Model.Load(LeNet.Modern.Build(), InFolder("a.onnx"));
        Assert.That(actual.Weights["c3/weight"].Span<float>().ToArray(), Is.EqualTo(expected.Weights["c3/weight"].Span<float>().ToArray()));
        Assert.That(OnnxModel.Load(InFolder("a.onnx")).Metadata["cnn.graph.architecture"], Is.EqualTo("lenet5"));
    }

    [Test]
    public void Export_takes_opset_classes_and_input()
    {
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"), "--opset", "13", "--classes", "3", "--input", "3x32x32");

        OnnxModel model = OnnxModel.Load(InFolder("a.onnx"));
        Assert.That(model.Opsets["ai.onnx"], Is.EqualTo(13));
        Assert.That(model.Inputs.Single().ToString(), Is.EqualTo("image: float[N, 3, 32, 32]"));
        Assert.That(model.Outputs.Single().ToString(), Is.EqualTo("output: float[N, 3]"));
    }

    [Test]
    public void Export_takes_width_and_a_limit_for_weights_within()
    {
        Succeed("export", "vgg11", "--out", InFolder("a.onnx"), "--width", "0.0625", "--input", "3x32x32", "--external-above", "100000");

        Assert.That(OnnxModel.Load(InFolder("a.onnx")).Initializers[0].Dims, Is.EqualTo(new long[] { 4, 3, 3, 3 }));
        Assert.That(FilesLeft.Select(Path.GetFileName), Is.EqualTo(new[] { "a.onnx", "a.onnx.data" }));
        Fails(1, ["'linear') has one width only"], "export", "linear", "--out", InFolder("b.onnx"), "--width", "2");
    }

    [Test]
    public void Signals_have_sizes_too()
    {
        Succeed("export", "tdnn", "--out", InFolder("a.onnx"), "--input", "16x30");
        Assert.That(OnnxModel.Load(InFolder("a.onnx")).Inputs[0].ToString(), Is.EqualTo("signal: float[N, 16, 30]"));
    }

    [Test]
    public void Inspect_tells_what_a_model_is()
    {
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"));

        JsonElement model = Json("inspect", InFolder("a.onnx"));
        Assert.That(Keys(model), Is.SupersetOf(new[] { "opsets", "inputs", "outputs", "nodes", "params", "findings" }));
        Assert.That(model.GetProperty("opsets").GetProperty("ai.onnx").GetInt32(), Is.EqualTo(17));
        Assert.That(model.GetProperty("nodes").GetInt32(), Is.EqualTo(12));
        Assert.That(model.GetProperty("params").GetInt64(), Is.EqualTo(61_706));
        Assert.That(model.GetProperty("findings").GetArrayLength(), Is.Zero);
        JsonElement input = model.GetProperty("inputs").EnumerateArray().Single();
        Assert.That(Keys(input), Is.EqualTo(new[] { "name", "type", "shape" }));
        Assert.That(input.GetProperty("shape").EnumerateArray().Select(d => d.ToString()), Is.EqualTo(new[] { "N", "1", "28", "28" }));
        Assert.That(Succeed("inspect", InFolder("a.onnx")).Output, Does.Contain("params    61,706\n").And.Contain("findings  none\n"));
    }

    [Test]
    public void Inspect_lists_findings()
    {
        Network network = LeNet.Modern.Build();
        Model good = Model.Initialize(network);
        var weights = good.Weights.ToDictionary();
        weights["c1/bias"] = Ir.TensorData.Vector<float>(1, float.NaN, 1, 1, 1, 1);
        new Model(network, weights).SaveOnnx(InFolder("a.onnx"));

        JsonElement finding = Json("inspect", InFolder("a.onnx")).GetProperty("findings").EnumerateArray().Single();
        Assert.That(finding.GetProperty("severity").GetString(), Is.EqualTo("warning"));
        Assert.That(finding.GetProperty("message").GetString(), Does.Contain("c1_bias").And.Contain("1 NaN"));
    }

    [Test]
    public void Roundtrip_keeps_every_byte_of_the_models_written_here()
    {
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"));
        CliResult result = Succeed("roundtrip", InFolder("a.onnx"), "--out", InFolder("b.onnx"));

        Assert.That(result.Output, Is.Empty);
        Assert.That(Read("b.onnx"), Is.EqualTo(Read("a.onnx")));
    }

    [Test]
    public void Train_graph_takes_the_batch_and_every_variable()
    {
        Succeed("train-graph", "lenet5", "--out", InFolder("a.onnx"));

        OnnxModel model = OnnxModel.Load(InFolder("a.onnx"));
        string[] inputs = [.. model.Inputs.Select(i => i.Name)], outputs = [.. model.Outputs.Select(o => o.Name)];
        Assert.That(inputs[..3], Is.EqualTo(new[] { "image", "label", "learning_rate" }));
        Assert.That(model.Inputs[0].ToString(), Is.EqualTo("image: float[N, 1, 28, 28]"));
        Assert.That(outputs[0], Is.EqualTo("loss"));
        var updates = JsonSerializer.Deserialize<Dictionary<string, string>>(model.Metadata["cnn.graph.updates"])!;
        Assert.That(updates.Keys, Is.EquivalentTo(inputs[3..]).And.Contains("c1_weight").And.Contains("c1_weight_velocity"));
        Assert.That(updates.Values, Is.SubsetOf(outputs));
        Assert.That(new OnnxInspection(model).Findings, Is.Empty);
    }

    [Test]
    public void Train_graph_pins_the_batch_and_takes_optimizer_and_loss()
    {
        Succeed("train-graph", "lenet5", "--out", InFolder("a.onnx"), "--batch", "5", "--optimizer", "sgd", "--loss", "mean-squared-error");

        OnnxModel model = OnnxModel.Load(InFolder("a.onnx"));
        Assert.That(model.Inputs.Take(2).Select(i => i.ToString()), Is.EqualTo(new[] { "image: float[5, 1, 28, 28]", "target: float[5, 10]" }));
        Assert.That(model.Inputs.Select(i => i.Name), Has.None.Contains("velocity"));
    }

    [Test]
    public void Train_graph_takes_sums_and_averages()
    {
        Succeed("train-graph", "lenet5", "--out", InFolder("a.onnx"), "--accumulate", "4", "--average", "0.999");

        string[] inputs = [.. OnnxModel.Load(InFolder("a.onnx")).Inputs.Select(i => i.Name)];
        Assert.That(inputs, Is.SupersetOf(new[] { "c1_bias_gradient_sum", "c1_bias_average", "optimizer_batches", "optimizer_average_weight" }));
    }

    [Test]
    public void Devices_says_what_can_run()
    {
        JsonElement[] devices = [.. Json("devices").EnumerateArray()];

        Assert.That(Keys(devices[0]), Is.EqualTo(new[] { "name", "available", "reason", "hardware", "luid", "memory" }));
        Assert.That(devices[0].GetProperty("name").GetString(), Is.EqualTo("cpu"));
        Assert.That(devices[0].GetProperty("available").GetBoolean(), Is.True);
        Assert.That(devices.Where(d => !d.GetProperty("available").GetBoolean()).Select(d => d.GetProperty("reason").GetString()), Has.All.Not.Empty);
        Assert.That(Succeed("devices").Output, Does.Match("cpu +available\n"));
    }

    [TestCase("train")]
    [TestCase("infer")]
    public void Bench_measures_steps(string mode)
    {
        JsonElement result = Json("bench", "lenet5", "--mode", mode, "--batch", "4", "--steps", "4", "--device", "cpu");

        Assert.That(Keys(result), Is.EqualTo(new[] { "msMedian", "msMin", "imagesPerSecond", "peakBytes" }));
        double median = result.GetProperty("msMedian").GetDouble();
        Assert.That(median, Is.GreaterThan(0).And.GreaterThanOrEqualTo(result.GetProperty("msMin").GetDouble()));
        Assert.That(result.GetProperty("imagesPerSecond").GetDouble(), Is.EqualTo(4000 / median).Within(1e-6).Percent);
        Assert.That(result.GetProperty("peakBytes").GetInt64(), Is.GreaterThan(10_000_000));
    }
}
