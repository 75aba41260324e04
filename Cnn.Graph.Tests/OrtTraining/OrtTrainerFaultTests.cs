using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>What is told before a training in ONNX Runtime Training can begin. The native library of the tests has no training.</summary>
public class OrtTrainerFaultTests
{
    private static readonly string[] Files = ["training_model.onnx", "eval_model.onnx", "optimizer_model.onnx", "checkpoint"];
    private TemporaryFolder _folder = null!;
    private Network _network = null!;

    [SetUp]
    public void Save()
    {
        (_folder, _network) = (new TemporaryFolder(), Digits.Network());
        TrainingArtifacts.Of(Model.Initialize(_network)).Save(_folder.Path);
    }

    [TearDown]
    public void Remove() => _folder.Dispose();

    [TestCaseSource(nameof(Files))]
    public void A_missing_file_is_named(string missing)
    {
        File.Delete(_folder[missing]);
        Assert.That(() => new OrtTrainer(_network, _folder.Path), Throws.TypeOf<CnnGraphException>().With.Message.EqualTo(
            $"'{_folder.Path}' holds no complete artifacts of ONNX Runtime Training: there is no '{_folder[missing]}'. " +
            "'cnn artifacts' and TrainingArtifacts.Save write all four files."));
    }

    [Test]
    public void All_missing_files_are_named_together() => Assert.That(
        () => new OrtTrainer(_network, _folder["nowhere"], checkpoint: _folder["other"]), Throws.TypeOf<CnnGraphException>()
            .With.Message.Contains($"there is no '{Path.Combine(_folder["nowhere"], Files[0])}', no '")
            .And.Message.Contains($", no '{_folder["other"]}'."));

    [Test]
    public void Another_network_is_told_by_its_differences() => Assert.That(
        () => new OrtTrainer(Digits.Network(classes: 7), _folder.Path),
        Throws.TypeOf<CnnGraphException>().With.Message.Contains("dense2/weight"));

    [Test]
    public void A_damaged_checkpoint_is_named()
    {
        _folder.Write("checkpoint", new byte[64]);
        Assert.That(() => new OrtTrainer(_network, _folder.Path), Throws.TypeOf<CnnGraphException>()
            .With.Message.StartsWith($"'{_folder["checkpoint"]}' is not a sound checkpoint"));
    }

    [Test]
    public void Options_out_of_range_are_told() => Assert.That(
        () => new OrtTrainer(_network, _folder.Path, new() { Epochs = 0 }),
        Throws.TypeOf<CnnGraphException>().With.Message.Contains("`Epochs` (=0)"));

    [Test]
    public void A_native_library_without_training_is_told_with_the_package_that_has_it() => Assert.That(
        () => new OrtTrainer(_network, _folder.Path), Throws.TypeOf<CnnGraphException>()
            .With.Message.Match("^The native library of ONNX Runtime \\d+\\.\\d+\\.\\d+ that was loaded was built without training\\. Reference ")
            .And.Message.Contains("Microsoft.ML.OnnxRuntime.Training 1.19.2 and Microsoft.ML.OnnxRuntime.Managed 1.19.2 in the application")
            .And.Message.Contains("neither Microsoft.ML.OnnxRuntime nor Microsoft.ML.OnnxRuntime.DirectML"));

    [TestCase("1.19.2", true, false, null)]
    [TestCase("1.17.0", true, false, null)]
    [TestCase("1.22.0", true, true, null)]
    [TestCase("1.19.2", false, false, "The native library of ONNX Runtime 1.19.2 that was loaded was built without training.")]
    [TestCase("1.19.2", true, true, "The native library is ONNX Runtime 1.19.2, but the C# binding (Microsoft.ML.OnnxRuntime.dll) is of 1.20 "
        + "or newer and needs functions that it lacks.")]
    public void Native_library_and_binding_must_go_together(string version, bool canTrain, bool isNewBinding, string? fault) =>
        Assert.That(TrainingNatives.Fault(version, canTrain, isNewBinding), Is.EqualTo(fault));
}
