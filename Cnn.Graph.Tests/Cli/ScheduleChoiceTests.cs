using Cnn.Graph.Cli.Training;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

public class ScheduleChoiceTests
{
    /// <summary>The factor after five of ten epochs, whose losses stopped falling at the second.</summary>
    [TestCase("constant", 1)]
    [TestCase("Cosine", 0.5)]
    [TestCase("step:2", 0.01)]
    [TestCase("step:2:0.5", 0.25)]
    [TestCase("multistep:3,5,7:0.5", 0.25)]
    [TestCase("polynomial", 0.5)]
    [TestCase("polynomial:2", 0.25)]
    [TestCase("plateau:0.5:1", 0.5)]
    [TestCase("warmup:10.1:constant", 0.5)]
    [TestCase("warmup:1:step:4:0.2", 0.2)]
    [TestCase("recipe", 7)]
    public void A_text_names_a_schedule(string text, double factor)
    {
        EpochResult[] history = [.. new double[] { 3, 2, 2, 2, 2 }.Select((loss, i) => new EpochResult(i + 1, loss, null, null, null, 1, 1))];
        var progress = new ScheduleProgress(50, StepsPerEpoch: 10, Epochs: 10) { History = history };
        Assert.That(ScheduleChoice.Of(text, _ => 7)(progress), Is.EqualTo(factor).Within(0.01));
    }
}
