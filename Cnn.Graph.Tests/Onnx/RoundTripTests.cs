using System.Text;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.Tests.Oracles;
using Google.Protobuf;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class RoundTripTests
{
    // Tells every pair of models whose contents differ; unknown fields are compared too, as serialization keeps them.
    private const string CompareScript = """
        import sys, onnx
        for line in open(sys.argv[1]):
            a, b = (onnx.load(path, load_external_data=False) for path in line.rstrip('\n').split('\t'))
            if a != b or a.SerializeToString(deterministic=True) != b.SerializeToString(deterministic=True):
                print(line.split('\t')[0])
        """;

    [TestCaseSource(typeof(OnnxTestData), nameof(OnnxTestData.Sample))]
    public void Keeps_the_models_of_the_backend_tests(string path)
    {
        using var folder = new TemporaryFolder();
        OnnxModel.Load(path).Save(folder["copy.onnx"]);

        CheckCopy(path, File.ReadAllBytes(folder["copy.onnx"]));
    }

    [Test, Category("All")]
    public void Keeps_all_models_of_the_backend_tests()
    {
        Assume.That(OnnxTestData.Models, Is.Not.Empty, "skipped: the package libonnx-testdata is not installed");
        Assert.Multiple(() =>
        {
            foreach (string path in OnnxTestData.Models)
            {
                CheckCopy(path, OnnxModel.Load(path).ToBytes());
            }
        });
    }

    [Test, Category("All")]
    public void Onnx_itself_sees_no_difference()
    {
        Assume.That(OnnxTestData.Models, Is.Not.Empty, "skipped: the package libonnx-testdata is not installed");
        using var folder = new TemporaryFolder();
        var pairs = new List<string>();
        foreach (string path in OnnxTestData.Models)
        {
            string copy = folder[$"{pairs.Count}.onnx"];
            File.WriteAllBytes(copy, OnnxModel.Load(path).ToBytes());
            pairs.Add($"{path}\t{copy}");
        }

        string list = folder["pairs"];
        File.WriteAllLines(list, pairs);
        Assert.That(Python.Run("onnx", CompareScript, list), Is.Empty);
    }

    [Test]
    public void Keeps_fields_that_are_not_in_the_schema_byte_by_byte()
    {
        // In the order of field numbers with the unknown ones last, as the writer has them, so that the bytes must be the same.
        byte[] metadata = [.. Text(1, "key"), .. Text(2, "value")];
        byte[] tensor = [.. Varint(1, 1), .. Varint(2, 1), .. Text(8, "w"), .. Bytes(9, [1, 2, 3, 4]), .. Bytes(16, metadata)];
        byte[] attribute = [.. Text(1, "alpha"), .. Varint(20, 1), .. Bytes(900, [9])];
        byte[] node =
        [
            .. Text(1, "w"), .. Text(2, "y"), .. Text(4, "Identity"), .. Bytes(5, attribute),
            .. Text(8, "overload"), .. Bytes(9, metadata), .. Bytes(10, [8, 1]),
        ];
        byte[] value = [.. Text(1, "y"), .. Bytes(4, metadata)];
        byte[] graph = [.. Bytes(1, node), .. Text(2, "g"), .. Bytes(5, tensor), .. Bytes(12, value), .. Bytes(16, metadata)];
        byte[] function = [.. Text(1, "f"), .. Text(10, "mine"), .. Bytes(11, attribute), .. Text(13, "overload")];
        byte[] model =
        [
            .. Varint(1, 13), .. Bytes(7, graph), .. Bytes(8, Varint(2, 17)), .. Bytes(25, function),
            .. Bytes(26, Text(1, "device")), .. Varint(5000, 77),
        ];

        Assert.That(OnnxModel.FromBytes(model).ToBytes(), Is.EqualTo(model));
    }

    [Test]
    public void Keeps_attributes_of_every_kind()
    {
        var tensor = TensorCodec.Encode("t", TensorData.Vector(1f, float.NaN));
        var sparse = new SparseTensorProto
        {
            Values = TensorCodec.Encode("s", TensorData.Vector(2f)),
            Indices = TensorCodec.Encode("i", TensorData.Vector(1L)),
            Dims = { 3 },
        };
        var sparseType = new TypeProto { SparseTensorType = new() { ElemType = 1 } };
        var type = new TypeProto { MapType = new() { KeyType = 7, ValueType = sparseType } };
        GraphProto body = ModelSamples.Linear().Graph;
        NodeProto node = ModelSamples.Node(
            "Custom", ["x"], ["y"],
            new AttributeProto { Name = "f", F = -0f, Type = AttributeProto.Types.AttributeType.Float },
            new AttributeProto { Name = "i", I = long.MinValue, Type = AttributeProto.Types.AttributeType.Int },
            new AttributeProto { Name = "s", S = ByteString.CopyFrom(0xFF, 0x00), Type = AttributeProto.Types.AttributeType.String },
            new AttributeProto { Name = "t", T = tensor, Type = AttributeProto.Types.AttributeType.Tensor },
            new AttributeProto { Name = "g", G = body, Type = AttributeProto.Types.AttributeType.Graph },
            new AttributeProto { Name = "tp", Tp = type, Type = AttributeProto.Types.AttributeType.TypeProto },
            new AttributeProto { Name = "st", SparseTensor = sparse, Type = AttributeProto.Types.AttributeType.SparseTensor },
            new AttributeProto { Name = "r", RefAttrName = "alpha", Type = (AttributeProto.Types.AttributeType)99 },
            new AttributeProto { Name = "numbers", Floats = { 1, 2 }, Ints = { 3 }, Strings = { ByteString.CopyFromUtf8("a") } },
            new AttributeProto { Name = "rest", Tensors = { tensor }, Graphs = { body }, SparseTensors = { sparse }, TypeProtos = { type } });
        ModelProto model = ModelSamples.Linear();
        model.Graph.Node.Add(node);
        var update = new StringStringEntryProto { Key = "w", Value = "y" };
        model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = body, UpdateBinding = { update } });
        var scale = new StringStringEntryProto { Key = "SCALE_TENSOR", Value = "s" };
        model.Graph.QuantizationAnnotation.Add(new TensorAnnotation { TensorName = "w", QuantParameterTensorNames = { scale } });
        byte[] bytes = model.ToByteArray();

        Assert.That(OnnxModel.FromBytes(bytes).ToBytes(), Is.EqualTo(bytes));
    }

    // Equal messages have equal bytes once both are written by one writer; unpacked and packed lists count as equal.
    private static void CheckCopy(string path, byte[] bytes)
    {
        OnnxModel copy = OnnxModel.FromBytes(bytes);
        Assert.That(copy.Proto, Is.EqualTo(ModelProto.Parser.ParseFrom(File.ReadAllBytes(path))), path);
        Assert.That(bytes, Has.Length.EqualTo(new FileInfo(path).Length), path);
        Assert.That(new OnnxInspection(copy).Findings.Where(finding => finding.Severity == OnnxSeverity.Error), Is.Empty, path);
    }

    private static byte[] Varint(int field, long value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    private static byte[] Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    private static byte[] Bytes(int field, byte[] value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(value));
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            write(output);
        }

        return stream.ToArray();
    }
}
