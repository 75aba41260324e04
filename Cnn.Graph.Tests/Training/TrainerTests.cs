using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

public class TrainerTests
{
    private static readonly ImageDataset Train = Digits.Of(250);
    private static readonly ImageDataset Test = Digits.Of(100, seed: 2);

    // 250 samples in batches of 32: the last batch of each epoch has 26.
    private static TrainingOptions Options(string? checkpoint = null) => new()
    {
        Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4),
        Schedule = Schedules.Cosine,
        Epochs = 3,
        BatchSize = 32,
        Seed = 7,
        Device = Device.Cpu,
        CheckpointPath = checkpoint,
    };

    [Test]
    public void Learns_and_reports_what_it_learned()
    {
        using var trainer = new Trainer(Digits.Network(), Options());
        TrainingHistory history = trainer.Fit(Train, Test);
        Assert.Multiple(() =>
        {
            Assert.That(history.Steps, Is.EqualTo(24));
            Assert.That(history.Epochs.Select(e => e.Epoch), Is.EqualTo(new[] { 1, 2, 3 }));
            Assert.That(history.Epochs[2].Loss, Is.LessThan(history.Epochs[0].Loss));
            Assert.That(history.Epochs[2].ValidationAccuracy, Is.GreaterThan(0.95));
            Assert.That(history.Device, Is.EqualTo(Device.Cpu));
        });
    }

    [Test]
    public void The_exported_model_answers_as_validation_said()
    {
        using var trainer = new Trainer(Digits.Network(dropout: 0.3f, average: RunningAverage.Momentum()), Options());
        TrainingHistory history = trainer.Fit(Train, Test);
        using var evaluator = new Evaluator(trainer.Model.ToOnnx(), Device.Cpu);
        EvaluationResult measured = evaluator.Evaluate(Test, trainer.Model.Card.Normalization!, batchSize: 33);
        Assert.That(measured.Accuracy, Is.EqualTo(history.Epochs[^1].ValidationAccuracy));
        Assert.That(measured.Loss, Is.EqualTo(history.Epochs[^1].ValidationLoss).Within(1e-6));
    }

    [TestCase(0f)]
    [TestCase(0.5f)]
    public void The_same_seed_gives_the_same_bytes(float dropout)
    {
        byte[] first = Bytes(Digits.Network(dropout)), again = Bytes(Digits.Network(dropout));
        Assert.That(again, Is.EqualTo(first));
    }

    [Test]
    public void The_same_seed_gives_the_same_noise_and_another_seed_another()
    {
        byte[] first = Bytes(Digits.NoisyNetwork()), again = Bytes(Digits.NoisyNetwork());
        byte[] other = Bytes(Digits.NoisyNetwork(), Options() with { Seed = 8 });
        Assert.That(again, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    /// <summary>With one picture and a rate of zero only noise moves the loss; two layers that drop alike would cancel.</summary>
    [Test]
    public void Every_step_and_every_layer_has_noise_of_its_own()
    {
        Network once = Noise(x => x.Dropout()), twice = Noise(x => x.Dropout() - x.Dropout());
        foreach (Network network in new[] { once, twice })
        {
            using var trainer = new Trainer(network, Options() with { Schedule = _ => 0, Epochs = 6 });
            Assert.That(trainer.Fit(Digits.Of(1)).Epochs.Select(e => e.Loss), Is.Unique);
        }

        static Network Noise(Func<Value, Value> noisy) =>
            noisy(Network.Input("image", 1, 12, 12).Flatten()).Dense(4, weightInitializer: Initializer.XavierGaussian).Build("net");
    }

    [Test]
    public void Another_seed_gives_other_numbers() =>
        Assert.That(Bytes(Digits.Network(), Options() with { Seed = 8 }), Is.Not.EqualTo(Bytes(Digits.Network())));

    [TestCase(1)]
    [TestCase(8)] // at the end of an epoch
    [TestCase(13)] // within the second
    [TestCase(13, true)]
    public void Cut_off_and_resumed_it_ends_in_the_same_bytes(int steps, bool isNoisy = false)
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        Network network = isNoisy ? Digits.NoisyNetwork() : Digits.Network(dropout: 0.5f, average: RunningAverage.Debiased(0.9));
        using (var first = new Trainer(network, Options(path)))
        using (var source = new CancellationTokenSource())
        {
            var stop = new Reporter(p => { if (p.Step == steps) { source.Cancel(); } });
            Assert.That(() => first.Fit(Train, Test, stop, source.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        using var second = new Trainer(network, Options());
        second.Resume(path);
        TrainingHistory resumed = second.Fit(Train, Test);
        using var whole = new Trainer(network, Options());
        TrainingHistory uninterrupted = whole.Fit(Train, Test);
        Assert.Multiple(() =>
        {
            Assert.That(second.Model.ToOnnx().ToBytes(), Is.EqualTo(whole.Model.ToOnnx().ToBytes()));
            Assert.That(resumed.Epochs.Select(e => (e.Loss, e.Accuracy, e.ValidationLoss)), Is.EqualTo(uninterrupted.Epochs.Select(e => (e.Loss, e.Accuracy, e.ValidationLoss))));
        });
    }

    [Test]
    public void A_checkpoint_of_other_settings_is_refused_with_every_difference()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using (var first = new Trainer(Digits.Network(), Options()))
        {
            first.SaveCheckpoint(path);
        }

        using var second = new Trainer(Digits.Network(), Options() with { Seed = 8, BatchSize = 16 });
        Assert.That(
            () => second.Resume(path),
            Throws.InstanceOf<CnnGraphException>().With.Message.Contains("batch size is 32 there and 16 here").And.Message.Contains("seed is 7 there and 8 here"));
    }

    [Test]
    public void A_loss_that_is_no_number_stops_training_and_keeps_the_checkpoint()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        TrainingOptions wild = Options(path) with { Schedule = p => p.Epoch == 0 ? 1 : 1e38 };
        using var trainer = new Trainer(Digits.Network(), wild);
        Assert.That(
            () => trainer.Fit(Train),
            Throws.InstanceOf<CnnGraphException>().With.Message.Matches(@"^The loss became .* at step [0-9]+ \(epoch 2, batch [0-9]\)").And.Message.Contains(path));

        using var resumed = new Trainer(Digits.Network(), Options());
        resumed.Resume(path);
        Assert.That(resumed.Fit(Train).Epochs[0].Loss, Is.LessThan(2));
    }

    [Test]
    public void Somebody_elses_checkpoint_is_not_called_the_last_good_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using (var other = new Trainer(Digits.Network(), Options()))
        {
            other.SaveCheckpoint(path);
        }

        byte[] before = File.ReadAllBytes(path);
        using var trainer = new Trainer(Digits.Network(), Options(path) with { Optimizer = Optimizer.Sgd(1e38) });
        Assert.That(() => trainer.Fit(Train), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("The loss became").And.Message.Not.Contains(path));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(before));
    }

    [Test]
    public void What_is_no_checkpoint_is_not_replaced_by_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder["letter.txt"];
        File.WriteAllText(path, "dear reader");
        using var trainer = new Trainer(Digits.Network(), Options(path));
        Assert.That(() => trainer.Fit(Train), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("something else").And.Message.Contains(path));
        Assert.That(File.ReadAllText(path), Is.EqualTo("dear reader"));
    }

    [Test]
    public void One_damaged_number_in_a_checkpoint_is_noticed()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using var trainer = new Trainer(Digits.Network(), Options());
        trainer.SaveCheckpoint(path);
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
        Assert.That(() => trainer.Resume(path), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("damaged").And.Message.Contains("checksum"));
    }

    [Test]
    public void A_rate_that_was_too_high_can_be_lowered_on_the_way()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using (var high = new Trainer(Digits.Network(), Options() with { MaxSteps = 8 }))
        {
            high.Fit(Train);
            high.SaveCheckpoint(path);
        }

        using var low = new Trainer(Digits.Network(), Options() with { Optimizer = Options().Optimizer with { LearningRate = 1e-3 } });
        low.Resume(path);
        Assert.That(low.Fit(Train).Steps, Is.EqualTo(24));
    }

    [Test]
    public void A_trainer_that_is_done_says_so()
    {
        using var trainer = new Trainer(Digits.Network(), Options() with { Epochs = 1 });
        trainer.Fit(Train);
        byte[] before = trainer.Model.ToOnnx().ToBytes();
        Assert.That(() => trainer.Fit(Test), Throws.InvalidOperationException.With.Message.Contains("from its Model"));
        Assert.That(trainer.Model.ToOnnx().ToBytes(), Is.EqualTo(before));
    }

    [Test]
    public void A_cancelled_trainer_goes_on_when_asked_again()
    {
        using var trainer = new Trainer(Digits.Network(), Options());
        using var source = new CancellationTokenSource();
        var stop = new Reporter(p => { if (p.Step == 5) { source.Cancel(); } });
        Assert.That(() => trainer.Fit(Train, null, stop, source.Token), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(trainer.Fit(Train).Steps, Is.EqualTo(24));
        Assert.That(trainer.Model.ToOnnx().ToBytes(), Is.EqualTo(Bytes(Digits.Network())));
    }

    [Test]
    public void The_quadratic_loss_trains_towards_one_for_the_right_class()
    {
        using var trainer = new Trainer(Digits.Network(), Options() with { Loss = Loss.MeanSquaredError() });
        TrainingHistory history = trainer.Fit(Train, Test);
        Assert.Multiple(() =>
        {
            Assert.That(history.Epochs[^1].Loss, Is.LessThan(0.05));
            Assert.That(history.Epochs[^1].ValidationAccuracy, Is.GreaterThan(0.95));
            Assert.That(history.Epochs[^1].Accuracy, Is.Null);
            Assert.That(history.Epochs[^1].ValidationLoss, Is.Null);
        });
    }

    [Test]
    public void Progress_counts_steps_and_ends_each_epoch_with_its_result()
    {
        var reports = new List<TrainingProgress>();
        using var trainer = new Trainer(Digits.Network(), Options() with { Epochs = 2, MaxSteps = 11 });
        trainer.Fit(Train, null, new Reporter(reports.Add));
        Assert.Multiple(() =>
        {
            Assert.That(reports.Where(r => r.Finished is null).Select(r => r.Step), Is.EqualTo(Enumerable.Range(1, 11)));
            Assert.That(reports.Where(r => r.Finished is not null).Select(r => r.Finished!.Epoch), Is.EqualTo(new[] { 1, 2 }));
            Assert.That(reports.All(r => r is { Batches: 8, Epochs: 2 }));
        });
    }

    [Test]
    public void Options_out_of_range_are_reported_together() => Assert.That(
        () => new Trainer(Digits.Network(), Options() with { Epochs = 0, BatchSize = -1, MaxSteps = 0 }),
        Throws.InstanceOf<CnnGraphException>().With.Message.Contains("Epochs").And.Message.Contains("BatchSize").And.Message.Contains("MaxSteps"));

    [Test]
    public void Pictures_of_another_size_are_refused()
    {
        using var trainer = new Trainer(Digits.Network(), Options());
        Assert.That(() => trainer.Fit(Digits.Of(10, side: 14)), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("takes 1x12x12").And.Message.Contains("1x14x14"));
    }

    [Test]
    public void More_classes_than_outputs_are_refused()
    {
        using var trainer = new Trainer(Digits.Network(), Options());
        Assert.That(() => trainer.Fit(Digits.Of(10, classes: 5)), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("4 classes").And.Message.Contains("has 5"));
    }

    [Test]
    public void Training_goes_on_from_the_weights_of_a_model()
    {
        Model start = Model.Initialize(Digits.Network(), seed: 3);
        using var trainer = new Trainer(start, Options() with { Optimizer = Optimizer.Sgd(1e-12), MaxSteps = 1 });
        trainer.Fit(Train);
        foreach ((string name, TensorData data) in start.Weights)
        {
            Assert.That(trainer.Model.Weights[name].Span<float>().ToArray(), Is.EqualTo(data.Span<float>().ToArray()).Within(1e-6), name);
        }
    }

    [Test]
    public void Memory_stays_flat_over_many_steps()
    {
        using var trainer = new Trainer(Digits.Network(), Options() with { Epochs = 130 });
        var sizes = new List<long>();
        trainer.Fit(Train, null, new Reporter(p =>
        {
            if (p.Step is 100 or 1000)
            {
                GC.Collect();
                sizes.Add(Environment.WorkingSet);
            }
        }));
        Assert.That(sizes[1] - sizes[0], Is.LessThan(16 << 20), "bytes of working set that 900 steps added");
    }

    private static byte[] Bytes(Network network, TrainingOptions? options = null)
    {
        using var trainer = new Trainer(network, options ?? Options());
        trainer.Fit(Train);
        return trainer.Model.ToOnnx().ToBytes();
    }

    /// <summary>Unlike <see cref="Progress{T}"/>, reports on the thread that trains.</summary>
    private sealed class Reporter(Action<TrainingProgress> action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action(value);
    }
}
