using Cnn.Graph.Data;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Building;

public class ModelTests
{
    [Test]
    public void Weights_come_back_bit_for_bit_from_the_file()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.onnx"];
        Network network = Digits.Network();
        Model model = Model.Initialize(network, seed: 5);
        model.SaveOnnx(path);
        Model loaded = Model.Load(network, path);
        Assert.That(loaded.Weights.Keys, Is.EquivalentTo(model.Weights.Keys));
        foreach ((string name, TensorData data) in model.Weights)
        {
            Assert.That(loaded.Weights[name].Bytes.SequenceEqual(data.Bytes), name);
        }
    }

    [Test]
    public void The_card_survives_the_file()
    {
        var card = new ModelCard { Normalization = Normalization.Cifar10, LabelNames = ["cat, \"tabby\"", "dog"], Facts = new Dictionary<string, string> { ["seed"] = "3" } };
        Model drawn = Model.Initialize(Digits.Network());
        OnnxModel onnx = new Model(drawn.Network, drawn.Weights) { Card = card }.ToOnnx();
        ModelCard read = ModelCard.Read(onnx.Metadata);
        Assert.Multiple(() =>
        {
            Assert.That(read.Normalization, Is.EqualTo(Normalization.Cifar10));
            Assert.That(read.LabelNames, Is.EqualTo(card.LabelNames));
            Assert.That(read.Facts, Is.EqualTo(card.Facts));
            Assert.That(onnx.Metadata["cnn.graph.seed"], Is.EqualTo("3"));
            Assert.That(onnx.Metadata["Image.BitmapPixelFormat"], Is.EqualTo("Rgb8"));
        });
    }

    [Test]
    public void Nothing_of_training_is_exported()
    {
        OnnxModel onnx = Model.Initialize(Digits.Network(dropout: 0.5f)).ToOnnx();
        Assert.Multiple(() =>
        {
            Assert.That(onnx.Nodes.Select(n => n.OpType), Has.None.EqualTo("Dropout"));
            Assert.That(onnx.Inputs.Select(i => i.ToString()), Is.EqualTo(new[] { "image: float[N, 1, 12, 12]" }));
            Assert.That(onnx.Outputs.Select(i => i.ToString()), Is.EqualTo(new[] { "output: float[N, 4]" }));
            Assert.That(onnx.Opsets, Is.EquivalentTo(new Dictionary<string, long> { ["ai.onnx"] = 17 }));
        });
    }

    [TestCase(12)]
    [TestCase(22)]
    public void Operator_sets_out_of_range_are_refused(int opset) =>
        Assert.That(() => Model.Initialize(Digits.Network()).ToOnnx(opset), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("13 to 21"));

    [Test]
    public void Weights_of_another_network_are_refused_with_every_difference()
    {
        using var folder = new TemporaryFolder();
        string path = folder["other.onnx"];
        Model.Initialize(Network.Input("image", 1, 12, 12).Flatten().Dense(4).Build("other")).SaveOnnx(path);
        Network network = Network.Input("image", 1, 12, 12).Flatten().Dense(5).Relu().Dense(4).Build("two layers");
        Assert.That(
            () => Model.Load(network, path),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("missing: dense2/weight, dense2/bias")
                .And.Message.Contains("dense1/weight is Float[4, 144], not Float[5, 144]").And.Message.Contains(path));
    }

    [Test]
    public void The_same_seed_gives_the_same_file()
    {
        byte[] Bytes(long seed) => Model.Initialize(Digits.Network(), seed).ToOnnx().ToBytes();
        byte[] first = Bytes(1), again = Bytes(1);
        Assert.That(again, Is.EqualTo(first).And.Not.EqualTo(Bytes(2)));
    }
}
