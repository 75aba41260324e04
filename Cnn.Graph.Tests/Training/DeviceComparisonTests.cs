using Cnn.Graph.Data;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using Cnn.Graph.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Training;

/// <summary>A device against the CPU, the CPU standing in for the device.</summary>
public class DeviceComparisonTests
{
    private static readonly ImageDataset Set = Digits.Of(8);

    private static TrainingOptions Options => new() { Device = Device.Cpu, BatchSize = 4, Epochs = 3, Optimizer = Optimizer.Sgd(0.02) };

    [Test]
    public void The_CPU_is_like_itself()
    {
        DeviceComparison comparison = DeviceComparison.Of(Digits.Network(), Set, Options);
        Assert.That((comparison.LossDeviation, comparison.WeightDeviation, comparison.Distance, comparison.Repeats), Is.EqualTo((0.0, 0.0, 0.0, true)));
        Assert.That(comparison.Losses, Has.Count.EqualTo(6));
        Assert.That(comparison.OnCpu, Is.Empty);
    }

    /// <summary>What is told against the numbers of both trainings, computed here.</summary>
    [Test]
    public void Differences_are_told_where_they_are_largest()
    {
        TrainingOptions half = Options with { Precision = TrainingPrecision.Float16 };
        DeviceComparison comparison = DeviceComparison.Of(Digits.Network(), Set, half);
        (double[] losses, Dictionary<string, float[]> weights) = DeviceTraining.Train(Digits.Network(), Set, half);
        (double[] expectedLosses, Dictionary<string, float[]> expected) = DeviceTraining.Train(Digits.Network(), Set, Options);
        double[] deviations = [.. expected.Values.Zip(weights.Values, (e, w) => (double)e.Zip(w, (x, y) => Math.Abs(x - y)).Max() / e.Max(Math.Abs))];
        Assert.Multiple(() =>
        {
            Assert.That(comparison.Losses, Is.EqualTo(losses));
            Assert.That(comparison.LossDeviation, Is.EqualTo(losses.Zip(expectedLosses, (a, b) => Math.Abs(a - b) / b).Max()).Within(1e-9).And.GreaterThan(1e-6));
            Assert.That(comparison.WeightDeviation, Is.EqualTo(deviations.Max()).Within(0.01).Percent);
            Assert.That(comparison.WorstTensor, Is.EqualTo(expected.Keys.ElementAt(Array.IndexOf(deviations, deviations.Max()))));
            Assert.That(comparison.Distance, Is.EqualTo(Norm(expected.Keys.SelectMany(k => expected[k].Zip(weights[k], (x, y) => x - y)))
                / Norm(expected.Values.SelectMany(v => v))).Within(0.01).Percent);
        });

        static double Norm(IEnumerable<float> numbers) => Math.Sqrt(numbers.Sum(x => (double)x * x));
    }

    [Test]
    public void A_trainer_that_was_disposed_says_so()
    {
        var trainer = new Trainer(Digits.Network(), Options);
        trainer.Dispose();
        trainer.Dispose();
        Assert.That(() => trainer.Model, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(() => trainer.Fit(Set), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public void A_trainer_trains_one_set_at_a_time()
    {
        using var trainer = new Trainer(Digits.Network(), Options);
        Exception? inner = null;
        trainer.Fit(Set, progress: new Reporter(() =>
        {
            try
            {
                trainer.Fit(Set);
            }
            catch (InvalidOperationException e)
            {
                inner = e;
            }
        }));
        Assert.That(inner?.Message, Does.StartWith("This trainer is training already."));
    }

    [Test]
    public void Options_that_mean_nothing_are_named() => Assert.That(
        () => new Trainer(Digits.Network(), Options with { Device = null!, Precision = (TrainingPrecision)7, LossScale = double.NaN }),
        Throws.TypeOf<CnnGraphException>().With.Message.Contains("`Device` must not be null").And.Message.Contains("`Precision` (=7) is none of Float32, Float16")
            .And.Message.Contains("`LossScale` (=NaN) must be from 1 to 16777216"));

    private sealed class Reporter(Action action) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => action();
    }

    [Test]
    public void A_trainer_tells_where_the_nodes_of_a_step_run_and_trains_on()
    {
        using var trainer = new Trainer(Digits.Network(), Options);
        IReadOnlyList<NodePlacement> placements = trainer.Placements();
        Assert.That(placements.Select(p => p.Provider), Is.Not.Empty.And.All.EqualTo("CPUExecutionProvider"));
        Assert.That(placements.Select(p => p.Operator), Does.Contain("MatMul").Or.Contain("Gemm").Or.Contain("FusedGemm"));
        Assert.That(trainer.Fit(Set).Steps, Is.EqualTo(6));
    }
}
