using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.OrtTraining;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.OrtTraining;

/// <summary>
/// Whole trainings in ONNX Runtime Training beside those of the library's own trainer, on the same set with the same options: histories and
/// models must agree. The runtime is the real one, as WebAssembly, and stands in the place of the native library.
/// </summary>
[Category("OrtTraining")]
public class OrtTrainerTests
{
    private static readonly ImageDataset Train = Digits.Of(90), Test = Digits.Of(50, seed: 2);
    private static readonly TrainingOptions Options = new()
    {
        Optimizer = Optimizer.Sgd(0.05, momentum: 0.9), BatchSize = 32, Epochs = 3, Seed = 5, Device = Device.Cpu,
    };

    private readonly List<IDisposable> _opened = [];

    [TearDown]
    public void Close()
    {
        _opened.ForEach(o => o.Dispose());
        _opened.Clear();
    }

    /// <summary>A bias in front of a normalisation has no gradient; what rounding leaves of one differs.</summary>
    [Test]
    public void Batches_noise_statistics_and_measurements_are_those_of_the_trainer_here() => AssertAlike(
        Digits.Network(dropout: 0.3f, average: RunningAverage.Debiased(0.9)),
        Options with { Optimizer = Options.Optimizer with { Groups = new(ParameterGroup.Frozen("conv1/bias")) } });

    [Test]
    public void Steps_of_several_batches_reach_over_the_end_of_a_pass() => AssertAlike(
        Digits.Network(), Options with { Optimizer = Options.Optimizer with { AccumulationSteps = 2 }, Epochs = 4 });

    [Test]
    public void Losses_that_compare_numbers_get_them() =>
        AssertAlike(Digits.Network(), Options with { Loss = Loss.MeanSquaredError(), MaxSteps = 5, Order = SampleOrder.File });

    [Test]
    public void A_training_goes_on_where_the_optimizer_of_its_checkpoint_stands()
    {
        Network network = Digits.Network(dropout: 0.3f);
        Model start = Model.Initialize(network, seed: 1);
        using var whole = new Trainer(start, Options);
        whole.Fit(Train);
        using var begun = new Trainer(start, Options with { MaxSteps = 4 });
        begun.Fit(Train);

        OrtTrainer there = Open(network, Options, TrainingArtifacts.Of(begun, new() { IsRateFixed = true, IsNoiseFed = true })).Trainer;
        Assert.That(there.StepsDone, Is.EqualTo(4));
        TrainingHistory history = there.Fit(Train);

        Assert.That(history.Epochs.Select(e => e.Epoch), Is.EqualTo(new[] { 2, 3 }));
        Assert.That(there.StepsDone, Is.EqualTo(9));
        AssertSame(there.Model, whole.Model);
    }

    [Test]
    public void A_cancelled_training_leaves_a_checkpoint_and_goes_on()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions options = Options with { CheckpointPath = folder["here"] };
        Network network = Digits.Network(dropout: 0.3f);
        using var here = new Trainer(Model.Initialize(network, seed: 1), Options);
        here.Fit(Train);
        OrtTrainer there = Open(network, options).Trainer;
        using var stop = new CancellationTokenSource();
        var seen = new List<TrainingProgress>();
        Action<TrainingProgress> told = p =>
        {
            seen.Add(p);
            if (p.Step == 4)
            {
                stop.Cancel();
            }
        };

        Assert.That(
            () => there.Fit(Train, progress: new Listener(told), cancellationToken: stop.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(seen.Select(p => (p.Epoch, p.Batch, p.Finished is not null)), Is.EqualTo(
            new[] { (1, 1, false), (1, 2, false), (1, 3, false), (1, 3, true), (2, 1, false) }));
        Assert.That(folder.Files, Is.EqualTo(new[] { "here" }));
        AssertSame(OrtCheckpoint.Load(folder["here"]).ToModel(network), there.Model);

        there.Fit(Train);
        AssertSame(there.Model, here.Model);
        Assert.That(folder.Files, Is.EqualTo(new[] { "here" }));
    }

    [Test]
    public void A_checkpoint_is_neither_written_over_other_files_nor_nowhere()
    {
        using var folder = new TemporaryFolder();
        TrainingOptions Into(string file) => Options with { CheckpointPath = folder[file] };
        byte[] letter = [.. "Dear reader"u8];
        folder.Write("letter", letter);
        (OrtTrainer trainer, NodeRuntime runtime) = Open(Digits.Network(), Into("letter"));
        Assert.That(() => trainer.Fit(Train), Throws.TypeOf<CnnGraphException>()
            .With.Message.StartsWith($"No checkpoint will be written over '{folder["letter"]}'"));
        Assert.That(File.ReadAllBytes(folder["letter"]), Is.EqualTo(letter));
        Assert.That(runtime.Rates, Is.Empty);

        (trainer, runtime) = Open(Digits.Network(), Into(Path.Combine("no", "where")));
        Assert.That(() => trainer.Fit(Train), Throws.TypeOf<CnnGraphException>().With.Message.EndsWith("does not exist. Create it first."));
        Assert.That(runtime.Rates, Is.Empty);
    }

    [Test]
    public void Every_step_has_the_rate_of_its_schedule()
    {
        (OrtTrainer trainer, NodeRuntime runtime) = Open(Digits.Network(), Options with { Schedule = Schedules.Step(1, 0.5) });
        trainer.Fit(Train);
        Assert.That(runtime.Rates, Is.EqualTo(new[] { 0.05f, 0.05f, 0.05f, 0.025f, 0.025f, 0.025f, 0.0125f, 0.0125f, 0.0125f }));
    }

    [Test]
    public void Steps_by_hand_move_the_parameters()
    {
        Network network = Digits.Network();
        (OrtTrainer trainer, NodeRuntime runtime) = Open(network, Options);
        var filler = new BatchFiller(Train, Normalization.Of(Train));
        int[] samples = [.. Enumerable.Range(0, 40)];
        float[] losses = [.. Enumerable.Range(0, 10).Select(_ => trainer.Step(filler, samples, 0.25).Loss)];
        Assert.That(losses[^1], Is.LessThan(0.5 * losses[0]));
        Assert.That(runtime.Rates, Is.EqualTo(Enumerable.Repeat(0.25f, 10)));
        Assert.That(trainer.StepsDone, Is.EqualTo(10));

        EvaluationResult result = trainer.Evaluate(Test, filler.Normalization);
        using var evaluator = new Evaluator(trainer.Model.ToOnnx(), Device.Cpu);
        EvaluationResult expected = evaluator.Evaluate(Test, filler.Normalization);
        Assert.That(result.Loss, Is.EqualTo(expected.Loss).Within(1e-5));
        Assert.That(result with { Loss = 0 }, Is.EqualTo(expected with { Loss = 0 }));
    }

    [Test]
    public void A_loss_that_is_no_number_ends_the_training_with_advice()
    {
        TrainingOptions wild = Options with { Optimizer = Optimizer.Sgd(1e30) };
        Assert.That(() => Open(Digits.Network(), wild).Trainer.Fit(Train), Throws.TypeOf<CnnGraphException>()
            .With.Message.Match("^The loss became .* at step . \\(epoch 1, batch .\\)\\. Lower the learning rate\\.$"));
    }

    [Test]
    public void Artifacts_with_another_loss_are_told_from_what_they_ask_for() => Assert.That(
        () => Open(
            Digits.Network(), Options, TrainingArtifacts.Of(Model.Initialize(Digits.Network()), new() { Loss = Loss.MeanSquaredError() })),
        Throws.TypeOf<CnnGraphException>().With.Message.EqualTo(
            "The training model asks for image, target, but 'small' has image, label to give. " +
            "Name the loss and the optimizer with which the artifacts were made."));

    [Test]
    public void Nothing_runs_after_the_end()
    {
        OrtTrainer trainer = Open(Digits.Network(), Options).Trainer;
        trainer.Dispose();
        trainer.Dispose();
        Assert.That(() => trainer.Fit(Train), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => trainer.Model, Throws.TypeOf<ObjectDisposedException>());
    }

    private (OrtTrainer Trainer, NodeRuntime Runtime) Open(Network network, TrainingOptions options, TrainingArtifacts? artifacts = null)
    {
        artifacts ??= TrainingArtifacts.Of(Model.Initialize(network, seed: 1), new()
        {
            Loss = options.Loss, Optimizer = options.Optimizer, IsRateFixed = true, IsNoiseFed = true,
        });
        var folder = new TemporaryFolder();
        _opened.Insert(0, folder);
        artifacts.Save(folder.Path);
        OrtRuntime.ShowVariables(artifacts).Save(folder[TrainingArtifacts.EvalFile]);
        NodeRuntime? runtime = null;
        var trainer = new OrtTrainer(network, ArtifactFolder.Find(folder.Path, checkpoint: null), options, found =>
            runtime = new NodeRuntime(folder.Path, new BatchFeeds(network, options, 1).Data));
        _opened.Insert(0, trainer);
        return (trainer, runtime!);
    }

    private void AssertAlike(Network network, TrainingOptions options)
    {
        using var here = new Trainer(Model.Initialize(network, seed: 1), options);
        TrainingHistory expected = here.Fit(Train, Test);
        (OrtTrainer there, NodeRuntime runtime) = Open(network, options);
        TrainingHistory history = there.Fit(Train, Test);

        Assert.That(history.Steps, Is.EqualTo(expected.Steps));
        Assert.That(runtime.Rates, Has.Count.EqualTo(expected.Steps / options.Optimizer.AccumulationSteps));
        Assert.That(history.Epochs.Select(Figures), Is.EqualTo(expected.Epochs.Select(Figures)).Within(1e-4));
        Assert.That(history.Epochs[^1].Loss, Is.LessThan(0.9 * history.Epochs[0].Loss), "nothing was learnt");
        AssertSame(there.Model, here.Model);
        Assert.That(there.Model.Card.Normalization, Is.EqualTo(here.Model.Card.Normalization));
    }

    private static double[] Figures(EpochResult e) =>
        [e.Epoch, e.Loss, e.Accuracy ?? -1, e.ValidationLoss ?? -1, e.ValidationAccuracy ?? -1];

    private static void AssertSame(Model actual, Model expected) => Assert.Multiple(() =>
    {
        foreach ((string name, Ir.TensorData data) in expected.Weights)
        {
            Assert.That(Tensors.Error(actual.Weights[name].Floats(), data.Floats()), Is.LessThan(1e-4), name);
        }
    });

    private sealed class Listener(Action<TrainingProgress> told) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => told(value);
    }
}
