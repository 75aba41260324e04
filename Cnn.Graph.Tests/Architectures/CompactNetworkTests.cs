using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>
/// SqueezeNet, DenseNet, MobileNet and DCGAN against figures that PyTorch counted of the same modules, and against their papers.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class CompactNetworkTests
{
    [TestCase("squeezenet1_0", 1_248_424, 818_924_576, 18)]
    [TestCase("squeezenet1_1", 1_235_496, 349_151_936, 18)]
    [TestCase("densenet121", 7_978_856, 2_834_161_664, 121)]
    [TestCase("densenet169", 14_149_480, 3_359_843_328, 169)]
    [TestCase("densenet201", 20_013_928, 4_291_365_888, 201)]
    [TestCase("densenet161", 28_681_000, 7_727_907_072, 161)]
    [TestCase("mobilenet-v1", 4_231_976, 568_740_352, 28)]
    [TestCase("mobilenet_v2", 3_504_872, 300_774_272, 53)]
    [TestCase("dcgan-generator", 3_576_704, 104_628_224, 5)]
    [TestCase("dcgan-discriminator", 2_765_568, 103_817_216, 5)]
    public void Figures(string id, long parameters, long macs, int weightLayers)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find(id).Build());
        Assert.Multiple(() =>
        {
            Assert.That(summary.Parameters, Is.EqualTo(parameters));
            Assert.That(summary.Macs, Is.EqualTo(macs));
            Assert.That(summary.WeightLayers, Is.EqualTo(weightLayers));
        });
    }

    /// <summary>
    /// torchvision's, by its <c>width_mult</c>: channels are rounded to multiples of 8, and the last layer is never narrower.
    /// </summary>
    [TestCase(0.35, 1_677_128, 59_285_808)]
    [TestCase(0.5, 1_968_680, 97_131_840)]
    [TestCase(0.75, 2_636_424, 209_069_792)]
    [TestCase(1.4, 6_108_776, 582_195_824)]
    public void Widths_of_MobileNet_v2(double width, long parameters, long macs)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find("mobilenet-v2").Build(width: width));
        Assert.That((summary.Parameters, summary.Macs), Is.EqualTo((parameters, macs)));
    }

    /// <summary>Tables 6 and 7 of the paper, in millions; its 290 for a side of 160 are 290.5 here.</summary>
    [TestCase(0.75, 224, 2.6, 325)]
    [TestCase(0.5, 224, 1.3, 149)]
    [TestCase(0.25, 224, 0.5, 41)]
    [TestCase(1, 192, 4.2, 418)]
    [TestCase(1, 160, 4.2, 291)]
    [TestCase(1, 128, 4.2, 186)]
    public void Widths_and_sizes_of_MobileNet(double width, int side, double parameters, double macs)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find("mobilenet-v1").Build(input: [3, side, side], width: width));
        Assert.Multiple(() =>
        {
            Assert.That(Math.Round(summary.Parameters / 1e6, 1), Is.EqualTo(parameters));
            Assert.That(Math.Round(summary.Macs / 1e6), Is.EqualTo(macs));
        });
    }

    /// <summary>Table 1 of the paper: the fire modules' outputs, and the sizes behind the three poolings.</summary>
    [Test]
    public void Stages_of_SqueezeNet()
    {
        Network network = Architecture.Find("squeezenet1_0").Build();
        long[] channels = [.. Enumerable.Range(2, 8).Select(i => network[$"fire{i}/concat"].Shape[1].Size)];
        long[] sides = [.. new[] { 1, 4, 8 }.Select(i => network[$"pool{i}"].Shape[2].Size)];
        Assert.Multiple(() =>
        {
            Assert.That(channels, Is.EqualTo(new[] { 128, 128, 256, 256, 384, 384, 512, 512 }));
            Assert.That(sides, Is.EqualTo(new[] { 54, 27, 13 }));
        });
    }

    [TestCase("squeezenet1_1")]
    [TestCase("densenet121")]
    [TestCase("mobilenet-v1")]
    [TestCase("mobilenet_v2")]
    public void Other_classes_change_the_last_layer_only(string id)
    {
        Network thousand = Architecture.Find(id).Build(), ten = Architecture.Find(id).Build(classes: 10);
        long features = thousand.Parameters[^2].Shape[1].Size;
        Assert.That(thousand.ParameterCount - ten.ParameterCount, Is.EqualTo(990 * (features + 1)));
    }

    [TestCase("squeezenet1_0", "pool1")]
    [TestCase("densenet121", "transition2/pool")]
    [TestCase("dcgan-discriminator", "score")]
    public void Pictures_that_are_too_small_are_refused_by_the_layer_that_they_starve(string id, string layer) => Assert.That(
        () => Architecture.Find(id).Build(input: [3, 8, 8]), Throws.InstanceOf<Cnn.Graph.Ir.GraphException>().With.Message.Contains(layer));
}
