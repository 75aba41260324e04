using System.Text.Json;
using Cnn.Graph.Architectures;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

/// <summary><c>cnn weights</c>, and trainings that start from other weights.</summary>
public class WeightsTests : CliFixture
{
    [Test]
    public void Weights_go_to_safetensors_and_back()
    {
        Succeed("export", "lenet5", "--out", InFolder("a.onnx"), "--seed", "7", "--classes", "5");
        Succeed("weights", InFolder("a.onnx"), "--out", InFolder("a.safetensors"));
        Succeed("weights", InFolder("a.safetensors"), "--into", "lenet5", "--classes", "5", "--out", InFolder("b.onnx"));

        SafeTensorsFile file = SafeTensorsFile.Load(InFolder("a.safetensors"));
        Assert.That(file.Tensors.Keys, Is.EquivalentTo(LeNet.Modern.Build().Variables.Select(v => v.Name)));
        Assert.That(file.Metadata["architecture"], Is.EqualTo("lenet5"));
        Network network = LeNet.Modern.Build(classes: 5);
        Model before = Model.Load(network, InFolder("a.onnx")), after = Model.Load(network, InFolder("b.onnx"));
        Assert.That(network.Variables.Select(v => after.Weights[v.Name].Bytes.SequenceEqual(before.Weights[v.Name].Bytes)), Is.All.True);
    }

    [Test]
    public void Names_are_those_of_torchvision_on_request()
    {
        Succeed("export", "squeezenet1_1", "--out", InFolder("a.onnx"), "--input", "3x64x64", "--classes", "4");
        JsonElement report = Json(
            "weights", InFolder("a.onnx"), "--into", "squeezenet1_1", "--names", "torchvision", "--out", InFolder("a.safetensors"));
        Succeed("weights", InFolder("a.safetensors"), "--into", "squeezenet1_1", "--classes", "4", "--input", "3x64x64", "--out", InFolder("b.onnx"));

        Assert.That(Keys(report), Is.EqualTo(new[] { "from", "out", "into", "foundBy", "matched", "changed", "missing", "unused" }));
        Assert.That(report.GetProperty("matched").GetInt32(), Is.EqualTo(52));
        Assert.That(SafeTensorsFile.Load(InFolder("a.safetensors")).Tensors["classifier.1.weight"].Dims, Is.EqualTo(new long[] { 4, 512, 1, 1 }));
        OnnxModel a = OnnxModel.Load(InFolder("a.onnx")), b = OnnxModel.Load(InFolder("b.onnx"));
        Assert.That(b.GetInitializer("conv10_weight").Bytes.SequenceEqual(a.GetInitializer("conv10_weight").Bytes), Is.True);
        Assert.That(b.Inputs[0].ToString(), Is.EqualTo(a.Inputs[0].ToString()));
    }

    [Test]
    public void A_map_gives_the_names()
    {
        Succeed("export", "linear", "--out", InFolder("a.onnx"));
        Succeed("weights", InFolder("a.onnx"), "--out", InFolder("a.safetensors"));
        SafeTensorsFile own = SafeTensorsFile.Load(InFolder("a.safetensors"));
        string[] names = [.. own.Tensors.Keys];
        new SafeTensorsFile(own.Tensors.ToDictionary(t => $"x{Array.IndexOf(names, t.Key)}", t => t.Value)).Save(InFolder("x.safetensors"));
        Write("map.json", JsonSerializer.SerializeToUtf8Bytes(names.Index().ToDictionary(n => n.Item, n => $"x{n.Index}")));
        Write("bad.json", "[1]"u8.ToArray());
        string[] command = ["weights", InFolder("x.safetensors"), "--into", "linear", "--out", InFolder("b.onnx")];

        Fails(1, ["do not fill", "missing: ", "not used: x0, x1"], command);
        Fails(1, ["bad.json' is not a map of names"], [.. command, "--map", InFolder("bad.json")]);
        Write("null.json", "{\"x\": null}"u8.ToArray());
        Fails(1, ["null.json' is not a map of names", "'x' has no name"], [.. command, "--map", InFolder("null.json")]);
        var misspelt = new Dictionary<string, string> { ["output/wieght"] = "x0", [names[1]] = "xx1" };
        Write("typo.json", JsonSerializer.SerializeToUtf8Bytes(misspelt));
        Fails(
            1,
            [
                "misnamed: 'output/wieght' is no variable of 'Linear classifier'. Did you mean 'output/weight'?",
                $"'xx1', named for {names[1]}, is not there. Did you mean 'x1'?",
            ],
            [.. command, "--map", InFolder("typo.json")]);
        Assert.That(File.Exists(InFolder("b.onnx")), Is.False);
        Assert.That(Succeed([.. command, "--map", InFolder("map.json")]).Error, Does.Contain("2 of 2 variables found by name."));
    }

    [Test]
    public void Numbers_that_are_none_are_told_and_taken_only_where_nothing_is_computed_with_them()
    {
        string data = WriteSet("train", 16);
        Network network = LeNet.Modern.Build();
        var weights = Model.Initialize(network).Weights.ToDictionary();
        float[] numbers = weights["c1/bias"].Span<float>().ToArray();
        (numbers[0], numbers[1]) = (float.NaN, float.NegativeInfinity);
        weights["c1/bias"] = TensorData.Vector<float>(numbers);
        new Model(network, weights).SaveOnnx(InFolder("a.onnx"));
        string[] train = ["train", "lenet5", "--data", data, "--init", InFolder("a.onnx"), "--out", InFolder("b.onnx")];
        string[] fill = ["weights", InFolder("a.onnx"), "--into", "lenet5", "--out", InFolder("b.onnx")];

        Fails(1, ["NaN or infinite: c1/bias (2 of 6 numbers)"], fill);
        Fails(1, ["NaN or infinite: c1/bias (2 of 6 numbers)"], train);
        Fails(1, ["NaN or infinite: c1/bias (2 of 6 numbers)"], [.. train, "--new-head"]);
        Assert.That(FilesLeft, Has.None.StartsWith("b.onnx"));
        Assert.That(
            Succeed("weights", InFolder("a.onnx"), "--out", InFolder("b.safetensors")).Error,
            Does.Contain("a.onnx' holds numbers that are NaN or infinite: c1/bias (2 of 6 numbers)"));
        Assert.That(
            Succeed("eval", InFolder("a.onnx"), "--data", data).Error,
            Does.Contain("a.onnx' holds numbers that are NaN or infinite: c1_bias (2 of 6 numbers)"));
        Succeed("export", "lenet5", "--out", InFolder("sound.onnx"));
        Assert.That(Succeed("eval", InFolder("sound.onnx"), "--data", data).Error, Does.Not.Contain("NaN"));
    }

    [Test]
    public void What_does_not_go_together_is_told()
    {
        Succeed("export", "linear", "--out", InFolder("a.onnx"));
        Fails(2, ["name the architecture with --into"], "weights", InFolder("a.onnx"), "--out", InFolder("b.onnx"));
        Fails(2, ["--classes goes with --into"], "weights", InFolder("a.onnx"), "--out", InFolder("b.safetensors"), "--classes", "3");
        Fails(1, ["torchvision's names are not known for"],
            "weights", InFolder("a.onnx"), "--into", "linear", "--names", "torchvision", "--out", InFolder("b.safetensors"));
        Fails(1, ["do not fill 'LeNet-5'", "missing: c1/weight"], "weights", InFolder("a.onnx"), "--into", "lenet5", "--out", InFolder("b.onnx"));
        Fails(2, ["--new-head goes with --init"], "train", "lenet5", "--data", "mnist", "--out", InFolder("b.onnx"), "--new-head");
        Assert.That(FilesLeft, Has.Length.EqualTo(1));
    }

    [Test]
    public void A_training_that_starts_from_a_model_makes_inputs_of_pixels_as_that_does()
    {
        string bright = WriteData(), dark = WriteSet("dark", 16);
        Write("dark-images", [.. Read("dark-images")[..16], .. Read("dark-images")[16..].Select(b => (byte)(b / 2))]);
        Succeed("train", "lenet5", "--data", bright, "--steps", "2", "--out", InFolder("old.onnx"));
        Succeed("weights", InFolder("old.onnx"), "--out", InFolder("old.safetensors"));
        string[] train = ["train", "lenet5", "--data", dark, "--batch", "16", "--epochs", "1"];

        CliResult fromModel = Succeed(
        [
            .. train, "--init", InFolder("old.onnx"), "--new-head", "--out", InFolder("a.onnx"), "--checkpoint", InFolder("a.checkpoint"),
        ]);
        Succeed("train", "lenet5", "--data", dark, "--epochs", "2", "--resume", InFolder("a.checkpoint"), "--out", InFolder("b.onnx"));
        CliResult fromWeights = Succeed([.. train, "--init", InFolder("old.safetensors"), "--out", InFolder("c.onnx")]);
        CliResult fresh = Succeed([.. train, "--out", InFolder("d.onnx")]);

        string old = Mean("old"), own = Mean("d");
        Assert.That(own, Is.Not.EqualTo(old));
        Assert.That(fromModel.Error, Does.Contain($"inputs are made of pixels as '{InFolder("old.onnx")}' has it, with mean {old}, std "));
        Assert.That(new[] { Mean("a"), Mean("b") }, Is.All.EqualTo(old));
        Assert.That(fromWeights.Error, Does.Contain("does not say how its inputs are made of pixels").And.Contain($"mean {own}, std "));
        Assert.That(Mean("c"), Is.EqualTo(own));
        Assert.That(fresh.Error, Does.Not.Contain("pixels"));

        string Mean(string model) => OnnxModel.Load(InFolder($"{model}.onnx")).Metadata["cnn.graph.mean"];
    }

    [Test]
    public void A_training_may_start_with_a_new_head_on_frozen_layers()
    {
        string data = WriteData();
        Succeed("export", "lenet5", "--out", InFolder("old.onnx"), "--classes", "3", "--seed", "9");
        string[] command =
        [
            "train", "lenet5", "--data", data, "--init", InFolder("old.onnx"), "--epochs", "1", "--batch", "16", "--out", InFolder("new.onnx"),
        ];

        Fails(1, ["wrong shape: ", "is Float[3, 84]", "not Float[10, 84]"], command);
        CliResult trained = Succeed([.. command, "--new-head", "--freeze", "c1/bias", "--freeze-depth", "1"]);

        Assert.That(trained.Error, Does.Contain("found by").And.Contain("Drawn anew: "));
        OnnxModel before = OnnxModel.Load(InFolder("old.onnx")), after = OnnxModel.Load(InFolder("new.onnx"));
        string[] same =
        [
            .. before.Initializers.Select(i => i.Name)
                .Where(n => n.EndsWith("weight", StringComparison.Ordinal) && before.GetInitializer(n).Bytes.SequenceEqual(after.GetInitializer(n).Bytes)),
        ];
        Assert.That(same, Is.EqualTo(new[] { "c1_weight" }));
        Fails(1, ["A group is called 'conv9/*'"], [.. command, "--new-head", "--freeze", "conv9/*"]);
    }
}
