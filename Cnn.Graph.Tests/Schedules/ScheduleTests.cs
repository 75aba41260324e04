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

    [Test]
    public void Progress_counts_whole_epochs() => Assert.Multiple(() =>
    {
        Assert.That(At(9).Epoch, Is.Zero);
        Assert.That(At(10).Epoch, Is.EqualTo(1));
        Assert.That(At(50).Fraction, Is.EqualTo(0.5));
    });

    /// <summary>Ten epochs of ten steps.</summary>
    private static ScheduleProgress At(long step) => new(step, StepsPerEpoch: 10, Epochs: 10);
}
