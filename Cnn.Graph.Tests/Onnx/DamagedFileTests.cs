using System.Text;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Google.Protobuf;
using NUnit.Framework;
using DataType = Cnn.Graph.Onnx.Proto.TensorProto.Types.DataType;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class DamagedFileTests
{
    private static IEnumerable<TestCaseData> Files()
    {
        byte[] sound = ModelSamples.Linear().ToByteArray();
        yield return Case("truncated", sound[..^3], "truncated");
        yield return Case("empty", [], "it is empty");
        yield return Case("garbage", [0xFF, 0xFE, 0x07, 0x91, .. Enumerable.Repeat((byte)0xFF, 9)], "its bytes are not those of a model");
        yield return Case("text", Encoding.UTF8.GetBytes("# LeNet\nThis is a description.\n"), "not an ONNX model");
        yield return Case("tensor", TensorCodec.Encode("w", TensorData.Vector(1f, 2f)).ToByteArray(), "not an ONNX model");
        yield return Case("unnamed tensor", TensorCodec.Encode(string.Empty, TensorData.Vector(1f, 2f)).ToByteArray(), "it has no graph");
        yield return Case("graph", ModelSamples.Linear().Graph.ToByteArray(), "it has no graph");
        yield return Case("nested", Nested(levels: 20_000), "nested more than 100 levels");
        yield return Case("huge", [0x3A, 0xFF, 0xFF, 0xFF, 0xFF, 0x07, 0x00], "not an ONNX model");

        static TestCaseData Case(string name, byte[] bytes, string words) => new TestCaseData(bytes, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Files))]
    public void Loading_tells_the_file_and_what_is_wrong(byte[] bytes, string words)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("m.onnx", bytes);

        Assert.That(
            () => OnnxModel.Load(path),
            Throws.TypeOf<OnnxFormatException>().With.Message.StartsWith($"'{path}'").And.Message.Contains(words));
    }

    [Test]
    public void Every_truncation_is_an_error_of_this_library_or_a_sound_model()
    {
        byte[] sound = ModelSamples.Linear().ToByteArray();
        for (int length = 0; length < sound.Length; length++)
        {
            try
            {
                OnnxModel.FromBytes(sound.AsSpan(0, length));
            }
            catch (OnnxFormatException)
            {
                // Anything else would fail the test.
            }
        }
    }

    [Test]
    public void Every_flipped_byte_is_an_error_of_this_library_or_a_sound_model()
    {
        byte[] sound = ModelSamples.Linear().ToByteArray();
        for (int position = 0; position < sound.Length; position++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x08, 0x80, 0xFF })
            {
                byte[] damaged = [.. sound];
                damaged[position] ^= mask;
                try
                {
                    _ = new OnnxInspection(OnnxModel.FromBytes(damaged));
                }
                catch (OnnxFormatException)
                {
                    // Anything else would fail the test.
                }
            }
        }
    }

    [Test]
    public void A_missing_file_and_a_folder_are_told()
    {
        using var folder = new TemporaryFolder();

        Assert.That(
            () => OnnxModel.Load(folder["m.onnx"]),
            Throws.TypeOf<OnnxFormatException>().With.Message.EqualTo($"'{folder["m.onnx"]}' cannot be read: there is no such file."));
        Assert.That(
            () => OnnxModel.Load(folder.Path),
            Throws.TypeOf<OnnxFormatException>().With.Message.Contains("is a folder, not an ONNX model"));
    }

    private static IEnumerable<TestCaseData> Tensors()
    {
        yield return Case(
            "negative", DataType.Float, [2, -3], t => t.RawData = ByteString.Empty,
            "its dimensions [2, -3] are not all positive");
        yield return Case("overflow", DataType.Float, [1L << 40, 1L << 40], t => t.RawData = ByteString.CopyFrom(1), "overflow");
        yield return Case("overflow of bytes", DataType.Double, [1L << 61], t => t.RawData = ByteString.CopyFrom(1), "overflow");
        yield return Case(
            "short raw data", DataType.Float, [2, 3], t => t.RawData = ByteString.CopyFrom(new byte[20]),
            "its raw data has 20 bytes, but float[2, 3] takes 24");
        yield return Case("no data", DataType.Float, [2, 3], _ => { }, "it holds 0 elements in float_data, but float[2, 3] takes 6");
        yield return Case("wrong field", DataType.Int64, [2], t => t.FloatData.AddRange([1, 2]), "it holds 0 elements in int64_data");
        yield return Case("half-bytes", (DataType)22, [3], t => t.RawData = ByteString.CopyFrom(new byte[3]), "int4[3] takes 2");
        yield return Case(
            "text as raw data", DataType.String, [1], t => t.RawData = ByteString.CopyFrom(1),
            "string elements cannot be raw data");
        yield return Case("no type", DataType.Undefined, [], _ => { }, "it has no data type");
        yield return Case("segment", DataType.Float, [0], t => t.Segment = new(), "segment");
        yield return Case("twice", DataType.Float, [1], t =>
        {
            t.FloatData.Add(1);
            t.RawData = ByteString.CopyFrom(new byte[4]);
        }, "both raw data and float_data");

        static TestCaseData Case(string name, DataType type, long[] dims, Action<TensorProto> fill, string words) =>
            new TestCaseData(ModelSamples.Tensor(type, dims, fill), words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Tensors))]
    public void Unsound_initializers_are_told(object tensor, string words) =>
        Assert.That(ModelSamples.FaultOf(ModelSamples.Linear((TensorProto)tensor)), Does.Contain("initializer 'w': ").And.Contain(words));

    [TestCaseSource(nameof(Tensors))]
    public void Unsound_attributes_are_told(object tensor, string words)
    {
        ModelProto model = ModelSamples.Linear();
        model.Graph.Node.Add(ModelSamples.Node("Constant", [], ["c"], new AttributeProto { Name = "value", T = (TensorProto)tensor }));

        Assert.That(ModelSamples.FaultOf(model), Does.Contain("attribute 'value' of node 'Constant_c': ").And.Contain(words));
    }

    [Test]
    public void All_faults_are_told_together()
    {
        ModelProto model = ModelSamples.Linear(
            ModelSamples.Tensor(DataType.Float, [-1], _ => { }), ModelSamples.Tensor(DataType.Float, [7], _ => { }));
        model.IrVersion = 0;

        Assert.That(ModelSamples.FaultOf(model), Is.EqualTo(
            "The model is not a sound ONNX model: it has no IR version; 2 initializers share the name 'w'; "
            + "initializer 'w': its dimensions [-1] are not all positive; "
            + "initializer 'w': it holds 0 elements in float_data, but float[7] takes 7."));
    }

    [Test]
    public void A_long_list_of_faults_is_cut()
    {
        IEnumerable<TensorProto> unsound = Enumerable.Range(0, 50).Select(i => ModelSamples.Tensor(DataType.Float, [-1], _ => { }, $"w{i}"));
        ModelProto model = ModelSamples.Linear([.. unsound]);

        Assert.That(ModelSamples.FaultOf(model), Does.EndWith("; and 30 more."));
    }

    [Test]
    public void A_model_without_operator_sets_is_told()
    {
        ModelProto model = ModelSamples.Linear();
        model.OpsetImport.Clear();

        Assert.That(ModelSamples.FaultOf(model), Does.Contain("it imports no operator set"));
    }

    // Sequence of sequence of …: each level wraps the one before in two fields.
    private static byte[] Nested(int levels)
    {
        byte[] type = [];
        var parts = new List<byte[]>();
        int length = 0;
        for (int i = 0; i < levels; i++)
        {
            byte[] head = [0x0A, .. Length(length)];
            length += head.Length;
            parts.Add(head);
            head = [0x22, .. Length(length)];
            length += head.Length;
            parts.Add(head);
        }

        parts.Reverse();
        type = [.. parts.SelectMany(part => part)];
        byte[] value = [0x12, .. Length(type.Length), .. type];
        byte[] graph = [0x5A, .. Length(value.Length), .. value];
        return [0x08, 0x08, 0x3A, .. Length(graph.Length), .. graph];
    }

    private static byte[] Length(int value)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteLength(value);
        }

        return stream.ToArray();
    }
}
