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
