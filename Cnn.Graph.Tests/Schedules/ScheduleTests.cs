using NUnit.Framework;

namespace Cnn.Graph.Tests;

public class ScheduleTests
{
    [Test]
    public void Constant_stays() =>
        Assert.That(new long[] { 0, 5, 99 }.Select(step => Schedules.Constant(At(step))), Is.All.EqualTo(1));

    [TestCase(0, 1)]
    [TestCase(25, 0.85355339059)]
    [TestCase(50, 0.5)]
    [TestCase(75, 0.14644660941)]
    [TestCase(100, 0)]
    [TestCase(130, 0, Description = "after the end it stays at zero")]
    public void Cosine_falls_from_one_to_zero(long step, double expected) =>
        Assert.That(Schedules.Cosine(At(step)), Is.EqualTo(expected).Within(1e-10));

    [TestCase(0, 1)]
    [TestCase(29, 1)]
    [TestCase(30, 0.1)]
    [TestCase(59, 0.1)]
    [TestCase(60, 0.01)]
    public void Steps_cut_after_so_many_epochs(long step, double expected) =>
        Assert.That(Schedules.Step(epochs: 3)(At(step)), Is.EqualTo(expected).Within(1e-15));

    [Test]
    public void Steps_keep_the_share_they_were_given() =>
        Assert.That(Schedules.Step(epochs: 1, factor: 0.5)(At(35)), Is.EqualTo(0.125));

    [TestCase(0, 0.1)]
    [TestCase(-1, 0.1)]
    [TestCase(1, 0)]
    [TestCase(1, -0.5)]
    public void Steps_refuse_numbers_out_of_range(int epochs, double factor) =>
        Assert.That(() => Schedules.Step(epochs, factor), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [TestCase(19, 1)]
    [TestCase(20, 0.1)]
    [TestCase(49, 0.1)]
    [TestCase(50, 0.01)]
    public void Several_steps_cut_where_they_are_told(long step, double expected) =>
        Assert.That(Schedules.MultiStep([2, 5])(At(step)), Is.EqualTo(expected).Within(1e-15));

    [TestCase(1, 25, 0.75)]
    [TestCase(0.5, 75, 0.5)]
    [TestCase(2, 100, 0)]
    public void Polynomials_fall_to_zero(double power, long step, double expected) =>
        Assert.That(Schedules.Polynomial(power)(At(step)), Is.EqualTo(expected).Within(1e-12));

    [TestCase(0, 0.05)]
    [TestCase(9, 0.5)]
    [TestCase(19, 1)]
    [TestCase(40, 0.1)]
    public void Warming_up_rises_to_what_comes_then(long step, double expected) =>
        Assert.That(Schedules.WarmUp(2, Schedules.MultiStep([4]))(At(step)), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void On_a_plateau_the_rate_is_cut()
    {
        double[] losses = [3, 2, 2.5, 2, 1.9, 2, 2, 2];
        EpochResult[] history = [.. losses.Select((loss, i) => new EpochResult(i + 1, 9, null, loss, null, 1, 1))];
        Schedule schedule = Schedules.OnPlateau(0.1, patience: 1);
        double[] factors = [.. Enumerable.Range(0, 9).Select(done => schedule(At(10 * done) with { History = history[..done] }))];
        Assert.That(factors, Is.EqualTo(new[] { 1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01 }).Within(1e-12));
    }

    /// <summary>AlexNet's rate was cut three times.</summary>
    [Test]
    public void A_plateau_may_come_again_and_again()
    {
        EpochResult[] history = [.. Enumerable.Repeat(2.0, 10).Select((loss, i) => new EpochResult(i + 1, loss, null, null, null, 1, 1))];
        Assert.That(Schedules.OnPlateau(0.1, patience: 2)(At(100) with { History = history }), Is.EqualTo(1e-3).Within(1e-15));
    }

    /// <summary>The rates of the literature, each as published, just before and just after they change.</summary>
    private static IEnumerable<TestCaseData> Published =>
    [
        // x0.96 every 8 epochs: Caffe's file says every 320,000 batches of 32, with 1.28 million pictures in an epoch.
        Rates("GoogLeNet", 0.01, Schedules.Step(8, 0.96), 1_280_000 / 32, (0, 0.01), (319_999, 0.01), (320_000, 0.0096), (640_000, 0.009216)),
        Rates("GoogLeNet, quick", 0.01, Schedules.Polynomial(0.5), 100, (0, 0.01), (3_600, 0.008), (7_500, 0.005), (9_999, 0.0001)),
        Rates("Inception-v3", 0.045, Schedules.Step(2, 0.94), 100, (199, 0.045), (200, 0.0423), (399, 0.0423), (400, 0.039762)),
        Rates("BN-x5", 0.0075, Schedules.Accelerated(6, Schedules.Step(8, 0.96)), 600, (799, 0.0075), (800, 0.0072), (1_600, 0.006912)),
        Rates("ResNet", 0.1, Schedules.Step(30), 100, (2_999, 0.1), (3_000, 0.01), (6_000, 0.001)),
        Rates("ResNet on CIFAR, paper", 0.1, Schedules.AfterSteps([32_000, 48_000]), 391, (31_999, 0.1), (32_000, 0.01), (48_000, 0.001), (63_999, 0.001)),
        Rates("ResNet on CIFAR, Torch", 0.1, Schedules.MultiStep([81, 122]), 100, (8_099, 0.1), (8_100, 0.01), (12_199, 0.01), (12_200, 0.001)),
    ];

    [TestCaseSource(nameof(Published))]
    public void Rates_of_the_literature(double first, Schedule schedule, int stepsPerEpoch, (long Step, double Rate)[] expected)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(expected);
        Assert.That(
            expected.Select(e => first * schedule(new ScheduleProgress(e.Step, stepsPerEpoch, Epochs: 100))), Is.EqualTo(expected.Select(e => e.Rate)).Within(1e-12));
    }

    [Test]
    public void Numbers_out_of_range_are_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => Schedules.AfterSteps([5], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Schedules.Accelerated(0, Schedules.Cosine), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Schedules.WarmUp(0, Schedules.Cosine), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Schedules.Polynomial(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => Schedules.OnPlateau(patience: -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void Progress_counts_whole_epochs() => Assert.Multiple(() =>
    {
        Assert.That(At(9).Epoch, Is.Zero);
        Assert.That(At(10).Epoch, Is.EqualTo(1));
        Assert.That(At(50).Fraction, Is.EqualTo(0.5));
    });

    /// <summary>Ten epochs of ten steps.</summary>
    private static ScheduleProgress At(long step) => new(step, StepsPerEpoch: 10, Epochs: 10);

    private static TestCaseData Rates(string name, double first, Schedule schedule, int stepsPerEpoch, params (long Step, double Rate)[] expected) =>
        new TestCaseData(first, schedule, stepsPerEpoch, expected).SetArgDisplayNames(name);
}
