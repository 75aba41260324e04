using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using NUnit.Framework;
using DataType = Cnn.Graph.Onnx.Proto.TensorProto.Types.DataType;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class TensorCodecTests
{
    private static IEnumerable<TestCaseData> Typed()
    {
        yield return Case(DataType.Float, t => t.FloatData.AddRange([1.5f, -0f]), TensorData.Vector(1.5f, -0f));
        yield return Case(DataType.Double, t => t.DoubleData.AddRange([1e300, -2]), TensorData.Vector(1e300, -2.0));
        yield return Case(DataType.Int64, t => t.Int64Data.AddRange([long.MinValue, 3]), TensorData.Vector(long.MinValue, 3L));
        yield return Case(DataType.Int32, t => t.Int32Data.AddRange([int.MinValue, 3]), TensorData.Vector(int.MinValue, 3));
        yield return Case(DataType.Uint8, t => t.Int32Data.AddRange([0, 255]), TensorData.Vector<byte>(0, 255));
        yield return Case(DataType.Bool, t => t.Int32Data.AddRange([1, 0]), TensorData.Vector(true, false));
        yield return Case(DataType.Float16, t => t.Int32Data.AddRange([0x3C00, 0xFC00]), TensorData.Vector((Half)1, Half.NegativeInfinity));

        static TestCaseData Case(DataType type, Action<TensorProto> fill, TensorData expected) =>
            new TestCaseData(ModelSamples.Tensor(type, [2], fill), expected).SetArgDisplayNames(type.ToString());
    }

    [TestCaseSource(nameof(Typed))]
    public void Decodes_typed_fields(object tensor, TensorData expected)
    {
        TensorData actual = TensorCodec.Decode((TensorProto)tensor, null, "w");

        Assert.That((actual.ToString(), actual.Bytes.ToArray()), Is.EqualTo((expected.ToString(), expected.Bytes.ToArray())));
    }

    [TestCaseSource(nameof(Typed))]
    public void Encodes_raw_data_that_decodes_to_the_same(object tensor, TensorData expected)
    {
        TensorProto encoded = TensorCodec.Encode("w", expected);
        TensorData actual = TensorCodec.Decode(encoded, null, "w");

        Assert.That((encoded.Name, encoded.DataType), Is.EqualTo(("w", ((TensorProto)tensor).DataType)));
        Assert.That((actual.ToString(), actual.Bytes.ToArray()), Is.EqualTo((expected.ToString(), expected.Bytes.ToArray())));
    }

    [Test]
    public void Scalars_and_empty_tensors_have_their_number_of_elements()
    {
        TensorData scalar = TensorCodec.Decode(TensorCodec.Encode("s", TensorData.Scalar(4f)), null, "s");
        TensorData empty = TensorCodec.Decode(TensorCodec.Encode("e", TensorData.Of<long>([], 0, 3)), null, "e");

        Assert.That((scalar.Count, empty.Count, empty.Dims), Is.EqualTo((1L, 0L, new long[] { 0, 3 })));
    }

    [TestCase(DataType.Int8, "int8")]
    [TestCase(DataType.Bfloat16, "bfloat16")]
    [TestCase(DataType.String, "string")]
    [TestCase((DataType)99, "data type 99")]
    public void Types_that_cannot_be_used_are_named(object type, string name)
    {
        TensorProto tensor = ModelSamples.Tensor((DataType)type, [0], _ => { });

        Assert.That(() => TensorCodec.Decode(tensor, null, "'m.onnx': initializer 'w'"), Throws.TypeOf<OnnxFormatException>()
            .With.Message.StartsWith($"'m.onnx': initializer 'w' cannot be used: its elements are {name}."));
    }

    [TestCase(DataType.Uint8, 256)]
    [TestCase(DataType.Float16, -1)]
    public void Numbers_beyond_the_type_are_refused(object type, int value)
    {
        TensorProto tensor = ModelSamples.Tensor((DataType)type, [1], t => t.Int32Data.Add(value));

        Assert.That(
            () => TensorCodec.Decode(tensor, null, "w"),
            Throws.TypeOf<OnnxFormatException>().With.Message.Contains("a number in its int32_data is no"));
    }
}
