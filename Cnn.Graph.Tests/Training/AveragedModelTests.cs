using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Ir;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>What the trainer does with averages of parameters and with steps of several batches.</summary>
public class AveragedModelTests
{
    private static readonly ImageDataset Train = Digits.Of(250);
    private static readonly ImageDataset Test = Digits.Of(100, seed: 2);

    private static readonly TrainingOptions Options = new()
    {
        Optimizer = Optimizer.Sgd(learningRate: 0.05, momentum: 0.9) with { AveragingDecay = 0.9, AccumulationSteps = 3 },
        Epochs = 3,
        BatchSize = 16,
        Device = Device.Cpu,
    };

    [Test]
    public void Validation_measures_the_average()
    {
        using var trainer = new Trainer(Digits.Network(), Options);
        EpochResult last = trainer.Fit(Train, Test).Epochs[^1];
        Assert.Multiple(() =>
        {
            Assert.That(last.ValidationLoss, Is.EqualTo(LossOf(trainer.AveragedModel)).Within(1e-6));
            Assert.That(last.ValidationLoss, Is.Not.EqualTo(LossOf(trainer.Model)).Within(1e-4));
            Assert.That(trainer.AveragedModel.Card.Normalization, Is.EqualTo(trainer.Model.Card.Normalization).And.Not.Null);
        });
    }

    /// <summary>Sixteen batches a pass and three to a step: after the first pass the sum holds one batch.</summary>
    [TestCase(1)]
    [TestCase(16)]
    [TestCase(23)]
    public void Cut_off_and_resumed_it_ends_in_the_same_bytes(int steps)
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using (var first = new Trainer(Digits.Network(), Options with { MaxSteps = steps }))
        {
            first.Fit(Train);
            first.SaveCheckpoint(path);
        }

        using var second = new Trainer(Digits.Network(), Options);
        second.Resume(path);
        second.Fit(Train);
        using var whole = new Trainer(Digits.Network(), Options);
        whole.Fit(Train);
        Assert.Multiple(() =>
        {
            Assert.That(second.Model.ToOnnx().ToBytes(), Is.EqualTo(whole.Model.ToOnnx().ToBytes()));
            Assert.That(second.AveragedModel.ToOnnx().ToBytes(), Is.EqualTo(whole.AveragedModel.ToOnnx().ToBytes()));
        });
    }

    [Test]
    public void Until_the_first_step_the_average_is_the_model()
    {
        using var trainer = new Trainer(Digits.Network(), Options with { MaxSteps = 2 });
        Assert.That(trainer.AveragedModel.ToOnnx().ToBytes(), Is.EqualTo(trainer.Model.ToOnnx().ToBytes()));
        trainer.Fit(Train);
        Assert.That(trainer.AveragedModel.ToOnnx().ToBytes(), Is.EqualTo(trainer.Model.ToOnnx().ToBytes()));
        Assert.That(trainer.Model.ToOnnx().ToBytes(), Is.EqualTo(WithCard(Model.Initialize(Digits.Network()), trainer).ToOnnx().ToBytes()), "two batches are no step");
    }

    [Test]
    public void Without_averages_there_is_one_model()
    {
        using var trainer = new Trainer(Digits.Network(), Options with { Optimizer = Optimizer.Sgd(0.05), Epochs = 1 });
        trainer.Fit(Train);
        Assert.That(trainer.AveragedModel.ToOnnx().ToBytes(), Is.EqualTo(trainer.Model.ToOnnx().ToBytes()));
    }

    [Test]
    public void Frozen_parameters_are_their_own_average()
    {
        Model start = Model.Initialize(Digits.Network(), seed: 3);
        using var trainer = new Trainer(start, Options with { Optimizer = Options.Optimizer with { Groups = new(ParameterGroup.Frozen("conv1/*")) }, Epochs = 1 });
        trainer.Fit(Train);
        Model averaged = trainer.AveragedModel, last = trainer.Model;
        Assert.Multiple(() =>
        {
            foreach (string name in start.Weights.Keys)
            {
                bool isFrozen = name.StartsWith("conv1/", StringComparison.Ordinal);
                Assert.That(averaged.Weights[name].Bytes.SequenceEqual(start.Weights[name].Bytes), Is.EqualTo(isFrozen), name);
                Assert.That(averaged.Weights[name].Bytes.SequenceEqual(last.Weights[name].Bytes), Is.EqualTo(isFrozen), name);
            }
        });
    }

    /// <summary>The statistics of a batch normalisation are averages already, and are gathered from every batch.</summary>
    [Test]
    public void Statistics_are_taken_as_they_are()
    {
        Network network = Network.Input("image", 1, 12, 12).Conv2d(4, kernel: 3).BatchNorm(name: "norm").Relu().Flatten().Dense(4).Build("small");
        using var trainer = new Trainer(network, Options with { MaxSteps = 4 });
        trainer.Fit(Train);
        Model averaged = trainer.AveragedModel, last = trainer.Model;
        Statistic[] statistics = [.. network.Variables.OfType<Statistic>()];
        Assert.That(statistics, Is.Not.Empty);
        Assert.That(statistics.Select(s => averaged.Weights[s.Name].Floats()), Is.EqualTo(statistics.Select(s => last.Weights[s.Name].Floats())));
        Assert.That(averaged.ToOnnx().ToBytes(), Is.EqualTo(last.ToOnnx().ToBytes()), "after one step the average is the parameter");
    }

    [Test]
    public void A_checkpoint_without_averages_is_not_gone_on_from_with_them()
    {
        using var folder = new TemporaryFolder();
        string path = folder["small.checkpoint"];
        using (var first = new Trainer(Digits.Network(), Options with { Optimizer = Options.Optimizer with { AveragingDecay = null } }))
        {
            first.SaveCheckpoint(path);
        }

        using var second = new Trainer(Digits.Network(), Options);
        Assert.That(() => second.Resume(path), Throws.InstanceOf<CnnGraphException>().With.Message.Contains("'conv1/weight/average' is missing there"));
    }

    private static Model WithCard(Model model, Trainer trainer) => new(model.Network, model.Weights) { Card = trainer.Model.Card };

    private static double LossOf(Model model)
    {
        using var evaluator = new Evaluator(model.ToOnnx(), Device.Cpu);
        return evaluator.Evaluate(Test, model.Card.Normalization!).Loss;
    }
}
