using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class OnnxModelTests
{
    [Test]
    public void Tells_what_the_file_has()
    {
        OnnxModel model = OnnxModel.FromBytes(ModelSamples.Linear().ToByteArray());

        Assert.Multiple(() =>
        {
            Assert.That(model.IrVersion, Is.EqualTo(8));
            Assert.That(model.Opsets, Is.EqualTo(new Dictionary<string, long> { ["ai.onnx"] = 17 }));
            Assert.That((model.ProducerName, model.ProducerVersion, model.GraphName), Is.EqualTo(("cnn", "0.1", "linear")));
            Assert.That(model.Metadata, Is.EqualTo(new Dictionary<string, string> { ["labels"] = "cat,dog" }));
            Assert.That(model.Inputs.Single().ToString(), Is.EqualTo("x: float[N, 2]"));
            Assert.That(model.Outputs.Single().ToString(), Is.EqualTo("y: float[N, 3]"));
            Assert.That(model.Nodes.Single().ToString(), Is.EqualTo("y = MatMul(x, w)"));
            Assert.That(model.Initializers.Single().ToString(), Is.EqualTo("w: float[2, 3]"));
        });
    }

    [Test]
    public void Inputs_leave_out_initializers_that_old_models_list_too()
    {
        ModelProto proto = ModelSamples.Linear();
        proto.Graph.Input.Add(ModelSamples.Value("w", "M", 3));

        Assert.That(OnnxModel.FromBytes(proto.ToByteArray()).Inputs.Select(input => input.Name), Is.EqualTo(new[] { "x" }));
    }

    [Test]
    public void Names_types_that_are_not_tensors()
    {
        ModelProto proto = ModelSamples.Linear();
        var element = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)TensorProto.Types.DataType.String } };
        var sequence = new TypeProto { SequenceType = new() { ElemType = element } };
        proto.Graph.Output[0].Type = new TypeProto { OptionalType = new() { ElemType = sequence } };

        OnnxValue output = OnnxModel.FromBytes(proto.ToByteArray()).Outputs.Single();

        Assert.That((output.TypeName, output.Type, output.Dims), Is.EqualTo(("optional(seq(string))", ElementType.Unknown, (object?)null)));
    }

    [Test]
    public void Initializers_keep_every_bit()
    {
        OnnxModel model = OnnxModel.FromBytes(ModelSamples.Linear().ToByteArray());

        TensorData weights = model.GetInitializer("w");

        Assert.That(weights.Dims, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(
            weights.Span<float>().ToArray().Select(BitConverter.SingleToInt32Bits),
            Is.EqualTo(ModelSamples.Weights.Select(BitConverter.SingleToInt32Bits)));
    }

    [Test]
    public void Unknown_initializer_is_told_with_those_there_are()
    {
        OnnxModel model = OnnxModel.FromBytes(ModelSamples.Linear().ToByteArray());

        Assert.That(
            () => model.GetInitializer("b"),
            Throws.TypeOf<CnnGraphException>().With.Message.EqualTo("The model has no initializer 'b'. It has w."));
    }

    [Test]
    public void Saves_a_file_that_loads_and_leaves_nothing_else()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = ModelSamples.Linear().ToByteArray();

        OnnxModel.FromBytes(bytes).Save(folder["m.onnx"]);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx" }));
        Assert.That(OnnxModel.Load(folder["m.onnx"]).ToBytes(), Is.EqualTo(bytes));
    }

    [Test]
    public void Saving_where_there_is_no_folder_is_one_clear_error()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = OnnxModel.FromBytes(ModelSamples.Linear().ToByteArray());

        Assert.That(
            () => model.Save(folder["none/m.onnx"]),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("m.onnx' cannot be written"));
        Assert.That(() => model.Save(folder.Path), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("it is a folder"));
        Assert.That(folder.Files, Is.Empty);
    }
}
