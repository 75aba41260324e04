using Cnn.Graph.Text;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Text;

public class NearestNameTests
{
    [TestCase("mnst", "mnist")]
    [TestCase("minst", "mnist")]
    [TestCase("MNIST", "mnist")]
    [TestCase("fashion_mnist", "fashion-mnist")]
    [TestCase("imagenet", null)]
    [TestCase("", null)]
    public void Proposes_what_is_near_and_nothing_else(string name, string? expected) =>
        Assert.That(NearestName.Find(name, ["fashion-mnist", "mnist"]), Is.EqualTo(expected));

    [TestCase("kitten", "sitting", 3)]
    [TestCase("minst", "mnist", 1)]
    [TestCase("", "abc", 3)]
    [TestCase("abc", "abc", 0)]
    public void Distance_counts_edits(string a, string b, int expected) => Assert.That(NearestName.Distance(a, b), Is.EqualTo(expected));
}
