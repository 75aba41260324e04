using System.Runtime.InteropServices;
using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Cnn.Graph.Onnx.Proto;
using Cnn.Graph.Tests.Oracles;
using Google.Protobuf;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Onnx;

[TestFixture]
internal sealed class ExternalDataTests
{
    private static readonly byte[] Bytes = [.. MemoryMarshal.AsBytes<float>(ModelSamples.Weights)];

    [TestCase(null, null, 0)]
    [TestCase("8", "24", 8)]
    [TestCase("8", null, 8)]
    public void Reads_from_the_offset(string? offset, string? length, int padding)
    {
        using var folder = new TemporaryFolder();
        folder.Write("sub/w.bin", [.. new byte[padding], .. Bytes]);
        string path = Write(folder, "m.onnx", ModelSamples.External([2, 3], "sub/w.bin", offset, length));

        Assert.That(OnnxModel.Load(path).GetInitializer("w").Bytes.ToArray(), Is.EqualTo(Bytes));
    }

    [TestCase("/etc/hostname", null, null, "is an absolute path")]
    [TestCase("C:\\w.bin", null, null, "is an absolute path")]
    [TestCase("\\\\server\\w.bin", null, null, "is an absolute path")]
    [TestCase("../w.bin", null, null, "leaves the model's folder through '..'")]
    [TestCase("sub\\..\\..\\w.bin", null, null, "leaves the model's folder through '..'")]
    [TestCase("link/w.bin", null, null, "through a symbolic link")]
    [TestCase("link.bin", null, null, "through a symbolic link")]
    [TestCase("loop.bin", null, null, "through a symbolic link")]
    [TestCase("none.bin", null, null, "the file 'none.bin' with its external data does not exist")]
    [TestCase("", null, null, "no location is given")]
    [TestCase("w.bin", "1", null, "24 bytes from 1 on, reaches past the end of 'w.bin', which has 24 bytes")]
    [TestCase("w.bin", "9223372036854775807", "24", "reaches past the end")]
    [TestCase("w.bin", "0", "20", "its external data has 20 bytes, but its dimensions take 24")]
    [TestCase("w.bin", "-8", null, "the offset '-8' of its external data is not a number of bytes")]
    [TestCase("w.bin", "0", "99999999999999999999", "the length '99999999999999999999' of its external data is not a number of bytes")]
    public void Refuses_what_is_not_in_the_folder(string location, string? offset, string? length, string words)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Bytes);
        folder.Write("models/w.bin", Bytes);
        Directory.CreateSymbolicLink(folder["models/link"], "..");
        File.CreateSymbolicLink(folder["models/link.bin"], folder["w.bin"]);
        File.CreateSymbolicLink(folder["models/loop.bin"], "loop.bin");
        string path = Write(folder, "models/m.onnx", ModelSamples.External([2, 3], location, offset, length));

        Assert.That(() => OnnxModel.Load(path), Throws.TypeOf<OnnxFormatException>()
            .With.Message.StartsWith($"'{path}' is not a sound ONNX model: initializer 'w': ").And.Message.Contains(words));
    }

    [Test]
    public void Follows_links_that_stay_in_the_folder()
    {
        using var folder = new TemporaryFolder();
        folder.Write("blobs/w.bin", Bytes);
        File.CreateSymbolicLink(folder["w.bin"], "blobs/../blobs/w.bin");
        string path = Write(folder, "m.onnx", ModelSamples.External([2, 3], "w.bin"));

        Assert.That(OnnxModel.Load(path).GetInitializer("w").Bytes.ToArray(), Is.EqualTo(Bytes));
    }

    [Test]
    public void Bytes_without_a_folder_are_told()
    {
        Assert.That(
            ModelSamples.FaultOf(ModelSamples.Linear(ModelSamples.External([2, 3], "w.bin"))),
            Does.Contain("load the model from its file"));
    }

    [Test]
    public void Saving_into_the_same_folder_keeps_the_references()
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", Bytes);
        OnnxModel model = OnnxModel.Load(Write(folder, "m.onnx", ModelSamples.External([2, 3], "w.bin")));

        model.Save(folder["n.onnx"]);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx", "n.onnx", "w.bin" }));
        Assert.That(OnnxModel.Load(folder["n.onnx"]).GetInitializer("w").Bytes.ToArray(), Is.EqualTo(Bytes));
    }

    [Test]
    public void Saving_into_another_folder_copies_the_files()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        folder.Write("sub/w.bin", Bytes);
        OnnxModel model = OnnxModel.Load(Write(folder, "m.onnx", ModelSamples.External([2, 3], "sub/w.bin")));

        model.Save(other["n.onnx"]);
        model.Save(other["n.onnx"]);

        Assert.That(other.Files, Is.EqualTo(new[] { "n.onnx", "sub/w.bin" }));
        Assert.That(OnnxModel.Load(other["n.onnx"]).GetInitializer("w").Bytes.ToArray(), Is.EqualTo(Bytes));
    }

    [Test]
    public void Saving_never_replaces_the_data_of_another_model()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        folder.Write("w.bin", Bytes);
        other.Write("w.bin", [1, 2, 3]);
        OnnxModel model = OnnxModel.Load(Write(folder, "m.onnx", ModelSamples.External([2, 3], "w.bin")));

        Assert.That(() => model.Save(other["n.onnx"]), Throws.TypeOf<CnnGraphException>().With.Message.Contains("would replace"));
        Assert.That(() => model.Save(folder["w.bin"]), Throws.TypeOf<CnnGraphException>().With.Message.Contains("in a file of that name"));
        Assert.That(other.Files, Is.EqualTo(new[] { "w.bin" }));
    }

    [Test]
    public void Weights_over_the_limit_go_to_a_file_beside_the_model()
    {
        using var folder = new TemporaryFolder();
        OnnxModel model = Large();

        model.Save(folder["m.onnx"], embedLimit: 2000);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.data" }));
        OnnxModel loaded = OnnxModel.Load(folder["m.onnx"]);
        foreach (OnnxInitializer initializer in model.Initializers)
        {
            string name = initializer.Name;
            Assert.That(loaded.GetInitializer(name).Bytes.ToArray(), Is.EqualTo(model.GetInitializer(name).Bytes.ToArray()), name);
        }

        Assert.That(
            loaded.Proto.Graph.Initializer.Select(tensor => ExternalData.IsUsedBy(tensor) ? ExternalData.Of(tensor, out _) : null),
            Is.EqualTo(new ExternalData?[]
            {
                new("m.onnx.data", Offset: 0, Length: 1600),
                new("m.onnx.data", Offset: 4096, Length: 2400),
                null,
                new("m.onnx.data", Offset: 65536, Length: 1 << 20),
            }));
        Assert.That(model.Proto.Graph.Initializer.Any(ExternalData.IsUsedBy), Is.False, "the model in memory is not changed");
    }

    [Test]
    public void Data_of_a_model_goes_when_it_is_written_anew_without_it()
    {
        using var folder = new TemporaryFolder();
        Large().Save(folder["m.onnx"], embedLimit: 2000);

        Large().Save(folder["m.onnx"]);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx" }));
        Assert.That(OnnxModel.Load(folder["m.onnx"]).GetInitializer("large").Count, Is.EqualTo(1 << 18));
    }

    /// <summary>Whatever the model is called.</summary>
    [Test]
    public void Data_that_is_written_anew_stays()
    {
        using var folder = new TemporaryFolder();
        Large().Save(folder["m"], embedLimit: 2000);
        Large().Save(folder["m"], embedLimit: 2000);
        Assert.That(folder.Files, Is.EqualTo(new[] { "m", "m.data" }));
    }

    [TestCase("another model's")]
    [TestCase("nobody's")]
    [TestCase("in use")]
    public void Data_that_may_be_needed_stays(string whose)
    {
        using var folder = new TemporaryFolder();
        Large().Save(folder["m.onnx"], embedLimit: whose == "nobody's" ? 2 << 20 : 2000);
        OnnxModel old = OnnxModel.Load(folder["m.onnx"]);
        if (whose == "another model's")
        {
            old.Save(folder["n.onnx"]);
        }
        else if (whose == "nobody's")
        {
            folder.Write("m.onnx.data", [1]);
        }

        (whose == "in use" ? old : Large()).Save(folder["m.onnx"]);

        Assert.That(folder.Files, Does.Contain("m.onnx.data"));
        string reader = folder.Files.Contains("n.onnx") ? folder["n.onnx"] : folder["m.onnx"];
        Assert.That(OnnxModel.Load(reader).GetInitializer("large").Count, Is.EqualTo(1 << 18));
    }

    [Test]
    public void Weights_under_the_limit_stay_in_the_model()
    {
        using var folder = new TemporaryFolder();

        Large().Save(folder["m.onnx"], embedLimit: 2 << 20);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx" }));
    }

    [Test]
    public void A_model_with_external_data_gets_a_second_file_for_more()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.onnx.data", Bytes);
        var more = TensorCodec.Encode("v", TensorData.Of<float>(new float[400], 400));
        OnnxModel model = OnnxModel.Load(Write(folder, "m.onnx", ModelSamples.External([2, 3], "m.onnx.data"), more));

        model.Save(folder["m.onnx"], embedLimit: 1000);

        Assert.That(folder.Files, Is.EqualTo(new[] { "m.onnx", "m.onnx.2.data", "m.onnx.data" }));
        OnnxModel loaded = OnnxModel.Load(folder["m.onnx"]);
        Assert.That(loaded.GetInitializer("w").Bytes.ToArray(), Is.EqualTo(Bytes));
        Assert.That(loaded.GetInitializer("v").Count, Is.EqualTo(400));
    }

    [Test]
    public void When_the_second_file_cannot_be_written_the_first_is_not_either()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["m.onnx.data"]);

        Assert.That(
            () => Large().Save(folder["m.onnx"], embedLimit: 0),
            Throws.TypeOf<CnnGraphException>().With.Message.Contains("m.onnx.data' cannot be written"));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public void Onnx_itself_reads_the_file_beside_the_model()
    {
        using var folder = new TemporaryFolder();
        Large().Save(folder["m.onnx"], embedLimit: 0);
        const string Script = """
            import sys, onnx
            from onnx import numpy_helper
            for tensor in onnx.load(sys.argv[1]).graph.initializer:
                print(tensor.name, numpy_helper.to_array(tensor).astype('float64').sum())
            """;

        Assert.That(
            Python.Run("onnx", Script, folder["m.onnx"]).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Is.EqualTo(new[] { "w 79800.0", "typed 600.0", "small 6.0", "large 262144.0" }));
    }

    private static OnnxModel Large()
    {
        ModelProto proto = ModelSamples.Linear(
            TensorCodec.Encode("w", TensorData.Of<float>([.. Enumerable.Range(0, 400).Select(i => (float)i)], 2, 200)),
            ModelSamples.Tensor(
                TensorProto.Types.DataType.Float, [600], tensor => tensor.FloatData.AddRange(Enumerable.Repeat(1f, 600)), "typed"),
            TensorCodec.Encode("small", TensorData.Vector(1L, 2L, 3L)),
            TensorCodec.Encode("large", TensorData.Of<float>([.. Enumerable.Repeat(1f, 1 << 18)], 1 << 18)));
        proto.Graph.Initializer.Single(tensor => tensor.Name == "w").DocString = "kept";
        return OnnxModel.FromBytes(proto.ToByteArray());
    }

    private static string Write(TemporaryFolder folder, string name, params TensorProto[] initializers) =>
        folder.Write(name, ModelSamples.Linear(initializers).ToByteArray());
}
