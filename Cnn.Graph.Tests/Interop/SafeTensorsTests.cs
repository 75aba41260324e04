using System.Buffers.Binary;
using System.Text;
using Cnn.Graph.Interop;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Interop;

[TestFixture]
internal sealed class SafeTensorsTests
{
    [Test]
    public void Round_trip_keeps_everything()
    {
        using var folder = new TemporaryFolder();
        var tensors = new Dictionary<string, TensorData>
        {
            ["layer1.0.conv1.weight"] = TensorData.Of<float>([1.5f, float.NaN, -0f, 1e-42f], 2, 1, 2),
            ["double"] = TensorData.Vector(double.NegativeInfinity),
            ["half"] = TensorData.Vector((Half)1, (Half)(-2), Half.NaN),
            ["step"] = TensorData.Scalar(long.MinValue),
            ["int"] = TensorData.Vector(7),
            ["bytes"] = TensorData.Vector<byte>(1, 2, 3),
            ["mask"] = TensorData.Vector(true, false),
            ["none"] = TensorData.Of<float>([], 0, 3),
            ["größe \"1\"\n"] = TensorData.Vector(1f),
        };
        var metadata = new Dictionary<string, string> { ["format"] = "pt", ["note"] = "größe" };

        new SafeTensorsFile(tensors, metadata).Save(folder["w.safetensors"]);
        SafeTensorsFile loaded = SafeTensorsFile.Load(folder["w.safetensors"]);

        Assert.That(folder.Files, Is.EqualTo(new[] { "w.safetensors" }));
        Assert.That(loaded.Metadata, Is.EqualTo(metadata));
        Assert.That(loaded.Tensors.Keys, Is.EquivalentTo(tensors.Keys));
        foreach ((string name, TensorData tensor) in tensors)
        {
            Assert.That(loaded.Tensors[name].ToString(), Is.EqualTo(tensor.ToString()), name);
            Assert.That(loaded.Tensors[name].Bytes.ToArray(), Is.EqualTo(tensor.Bytes.ToArray()), name);
        }
    }

    [Test]
    public void Bytes_are_as_the_format_says_whatever_the_order()
    {
        using var folder = new TemporaryFolder();
        KeyValuePair<string, TensorData>[] tensors =
        [
            new("b", TensorData.Vector(1f)),
            new("m", TensorData.Vector(true)),
            new("a", TensorData.Vector(2f)),
        ];
        KeyValuePair<string, string>[] metadata = [new("y", "2"), new("x", "1")];

        new SafeTensorsFile(new Dictionary<string, TensorData>(tensors), new Dictionary<string, string>(metadata)).Save(folder["1"]);
        new SafeTensorsFile(new Dictionary<string, TensorData>(tensors.Reverse()), new Dictionary<string, string>(metadata.Reverse()))
            .Save(folder["2"]);

        const string Header = """
            {"__metadata__":{"x":"1","y":"2"},
            "a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},
            "b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},
            "m":{"dtype":"BOOL","shape":[1],"data_offsets":[8,9]}}
            """;
        string header = Header.Replace("\n", string.Empty, StringComparison.Ordinal);
        byte[] expected = FileOf(header.PadRight((header.Length + 7) / 8 * 8), [0, 0, 0, 0x40, 0, 0, 0x80, 0x3F, 1]);
        Assert.That(File.ReadAllBytes(folder["1"]), Is.EqualTo(expected));
        Assert.That(File.ReadAllBytes(folder["2"]), Is.EqualTo(expected));
    }

    [Test]
    public void An_empty_file_of_tensors_is_fine()
    {
        using var folder = new TemporaryFolder();

        new SafeTensorsFile(new Dictionary<string, TensorData>()).Save(folder["w"]);

        Assert.That(SafeTensorsFile.Load(folder["w"]).Tensors, Is.Empty);
    }

    [Test]
    public void The_name_of_the_metadata_is_no_tensor()
    {
        var tensors = new Dictionary<string, TensorData> { ["__metadata__"] = TensorData.Vector(1f) };

        Assert.That(() => new SafeTensorsFile(tensors), Throws.ArgumentException);
    }

    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "reaches to offset 8, past the end of the data, which has 7 bytes")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes at its end belong to no tensor")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "leaves a gap of 4 bytes before it")]
    [TestCase("""{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}""", 6, "'b' at offset 2 overlaps")]
    [TestCase("""{"w":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "F32[3] takes 12 bytes")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "lies at the offsets 8 to 0")]
    [TestCase("""{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "overflows")]
    [TestCase("""{"w":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "a shape of whole numbers")]
    [TestCase("""{"w":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "a shape of whole numbers")]
    [TestCase("""{"w":{"dtype":"BF16","shape":[4],"data_offsets":[0,8]}}""", 8, "has the dtype 'BF16'; F64, F32")]
    [TestCase("""{"w":{"dtype":"F32","shape":[2]}}""", 8, "tensor 'w' lacks dtype")]
    [TestCase("""{"w":7}""", 0, "tensor 'w' lacks dtype")]
    [TestCase("""{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "Duplicate property")]
    [TestCase("""{"__metadata__":{"a":1}}""", 0, "__metadata__ does not map text to text")]
    [TestCase("""{"w":""", 0, "its header is not valid JSON")]
    [TestCase("""{} x""", 0, "its header is not valid JSON")]
    [TestCase("""{"w":{"dtype":"\ud800","shape":[],"data_offsets":[0,0]}}""", 0, "its header is not valid JSON")]
    [TestCase("[1]", 0, "does not begin with '{'")]
    [TestCase("", 0, "does not begin with '{'")]
    public void Unsound_files_are_told(string header, int dataLength, string words) =>
        CheckFault(FileOf(header, new byte[dataLength]), words);

    [Test]
    public void Headers_that_do_not_fit_are_told()
    {
        CheckFault([], "it is empty");
        CheckFault([1, 2, 3], "it has only 3 bytes");
        CheckFault([100, 0, 0, 0, 0, 0, 0, 0, (byte)'{', (byte)'}'], "its header takes 100 bytes, but only 2 follow");
        CheckFault([255, 255, 255, 255, 255, 255, 255, 255], "the format allows 100000000");
        CheckFault(FileOf(new string('[', 1000).Insert(0, "{\"a\":"), []), "its header is not valid JSON");
        CheckFault([2, 0, 0, 0, 0, 0, 0, 0, (byte)'{', 0xFF], "its header is not valid JSON");
    }

    [Test]
    public void Every_flipped_byte_is_an_error_of_this_library_or_a_sound_file()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = FileOf("""{"__metadata__":{"k":"v"},"w":{"dtype":"U8","shape":[2,1],"data_offsets":[0,2]}}""", [1, 2]);
        for (int position = 0; position < sound.Length; position++)
        {
            foreach (byte mask in new byte[] { 0x01, 0x10, 0x80 })
            {
                byte[] damaged = [.. sound];
                damaged[position] ^= mask;
                try
                {
                    SafeTensorsFile.Load(folder.Write("w", damaged));
                }
                catch (CnnGraphException)
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
        var file = new SafeTensorsFile(new Dictionary<string, TensorData>());

        Assert.That(
            () => SafeTensorsFile.Load(folder["w"]),
            Throws.TypeOf<CnnGraphException>().With.Message.EqualTo($"'{folder["w"]}' cannot be read: there is no such file."));
        Assert.That(() => SafeTensorsFile.Load(folder.Path), Throws.TypeOf<CnnGraphException>().With.Message.Contains("is a folder"));
        Assert.That(() => file.Save(folder.Path), Throws.TypeOf<CnnGraphException>().With.Message.Contains("is a folder"));
    }

    private static void CheckFault(byte[] bytes, string words)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("w.safetensors", bytes);

        Assert.That(() => SafeTensorsFile.Load(path), Throws.TypeOf<CnnGraphException>()
            .With.Message.StartsWith($"'{path}' is not a sound safetensors file: ").And.Message.Contains(words));
    }

    private static byte[] FileOf(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, text.Length);
        return [.. length, .. text, .. data];
    }
}
