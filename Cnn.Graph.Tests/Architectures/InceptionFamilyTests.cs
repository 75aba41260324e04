using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>GoogLeNet and its descendants: what the papers print of single rows, the heads, other sizes.</summary>
[Parallelizable(ParallelScope.All)]
public class InceptionFamilyTests
{
    private static readonly NetworkSummary GoogLeNet = NetworkSummary.Of(Architecture.Find("googlenet-bvlc-aux").Build());

    private static IEnumerable<string> Family => Architecture.All.Select(a => a.Id).Where(id => id.Contains("inception") || id.Contains("googlenet"));

    /// <summary>
    /// Table 1 of GoogLeNet: "ops" are multiply-accumulates in millions, "params" weights in units of 1024, of which those of 4a to 5b are
    /// off by some percent in the paper; here they are computed. Its first row is a separable convolution, as in BN-Inception.
    /// </summary>
    [TestCase("conv2/", 112 * 1024, 360, 359_661_568)]
    [TestCase("inception_3a/", 163_328, 128, 128_049_152)]
    [TestCase("inception_3b/", 388_096, 304, 304_267_264)]
    [TestCase("inception_4a/", 375_552, 73, 73_608_192)]
    [TestCase("inception_4b/", 448_512, 88, 87_908_352)]
    [TestCase("inception_4c/", 509_440, 100, 99_850_240)]
    [TestCase("inception_4d/", 604_672, 119, 118_515_712)]
    [TestCase("inception_4e/", 867_328, 170, 169_996_288)]
    [TestCase("inception_5a/", 1_042_432, 54, 51_079_168)]
    [TestCase("inception_5b/", 1_442_816, 71, 70_697_984)]
    [TestCase("loss3/", 1000 * 1024, 1, 1_024_000)]
    public void Rows_of_table_1(string row, long weights, int printedMillions, long macs) => Assert.Multiple(() =>
    {
        Assert.That(WeightsOf(GoogLeNet, row), Is.EqualTo(weights));
        Assert.That(MacsOf(GoogLeNet, row), Is.EqualTo(macs));
        Assert.That(macs / 1e6, Is.EqualTo(printedMillions).Within(printedMillions == 54 ? 3 : 0.65));
    });

    [Test]
    public void The_separable_stem_is_the_first_row_of_table_1()
    {
        NetworkSummary separable = NetworkSummary.Of(Architecture.Find("bn-inception-separable").Build());
        Assert.Multiple(() =>
        {
            Assert.That(WeightsOf(separable, "conv1/"), Is.EqualTo(2712));
            Assert.That(MacsOf(separable, "conv1/") / 1e6, Is.EqualTo(34).Within(0.05));
        });
    }

    /// <summary>Along the 5x5 branches.</summary>
    [Test]
    public void Receptive_field() => Assert.That(
        GoogLeNet.Layers.Single(l => l.Name == "inception_5b/output").ReceptiveField, Is.EqualTo(new[] { 715, 715 }));

    [TestCase("googlenet-bvlc", new[] { "loss1", "loss2" }, new[] { 0.3, 0.3 })]
    [TestCase("googlenet", new[] { "loss1", "loss2" }, new[] { 0.3, 0.3 })]
    [TestCase("inception_v3", new[] { "AuxLogits" }, new[] { 0.4 })]
    public void Heads_come_on_top_of_the_network_without_them(string id, string[] heads, double[] weights)
    {
        ArgumentNullException.ThrowIfNull(heads);
        ArgumentNullException.ThrowIfNull(weights);
        Network plain = Architecture.Find(id).Build(), withHeads = Architecture.Find($"{id}-aux").Build(classes: 10);
        string loss = $"{Architecture.Find($"{id}-aux").Recipe.Loss}";
        Assert.Multiple(() =>
        {
            Assert.That(withHeads.Outputs.Select(o => o.Shape), Is.All.EqualTo(new Shape(Dimension.Symbolic(Network.BatchSymbol), 10)));
            Assert.That(withHeads.Outputs, Has.Count.EqualTo(1 + heads.Length));
            Assert.That(withHeads.Variables.Take(plain.Variables.Count).Select(v => v.Name), Is.EqualTo(plain.Variables.Select(v => v.Name)));
            Assert.That(withHeads.Variables.Skip(plain.Variables.Count).Select(v => v.Name.Split('/')[0]).Distinct(), Is.EqualTo(heads));
            Assert.That(
                loss.Split(" + ").Select(part => part.Split('·')[0].Split(' ')[^1]),
                Is.EqualTo(weights.Prepend(1).Select(w => FormattableString.Invariant($"{w}"))), loss);
        });
    }

    [TestCase("loss1/ave_pool", "512x4x4")]
    [TestCase("loss2/ave_pool", "528x4x4")]
    [TestCase("loss1/fc", "1024")]
    public void Stages_of_the_heads(string layer, string output) =>
        Assert.That(string.Join("x", GoogLeNet.Layers.Single(l => l.Name == layer).Output), Is.EqualTo(output));

    /// <summary>A part of each module's find is added; in the released program the last one adds all and has no rectifier.</summary>
    [TestCase("inception-resnet-v1", 20, "block8_5/relu")]
    [TestCase("inception-resnet-v2-paper", 20, "block8_5/relu")]
    [TestCase("inception-resnet-v2", 39, "block8_10/add")]
    public void Residuals_are_scaled(string id, int scaled, string last)
    {
        Network network = Architecture.Find(id).Build();
        string[] names = [.. network.Nodes.Select(n => n.Name)];
        Assert.Multiple(() =>
        {
            Assert.That(names.Count(n => n.EndsWith("/scale", StringComparison.Ordinal)), Is.EqualTo(scaled));
            Assert.That(names.Last(n => n.StartsWith("block8_", StringComparison.Ordinal)), Is.EqualTo(last));
            Assert.That(
                new[] { "block35_1", "block17_1", "block8_1" }.Select(b => ((Constant)network[$"{b}/scale"].Producer!.Inputs[1]).Data.Span<float>()[0]),
                Is.EqualTo(new[] { 0.17f, 0.1f, 0.2f }));
        });
    }

    /// <summary>Other classes, widths and pictures, where the layers leave something of them.</summary>
    [TestCaseSource(nameof(Family))]
    public void Other_sizes(string id)
    {
        Architecture architecture = Architecture.Find(id);
        int side = id == "inception_v3-aux" ? 320 : id.StartsWith("googlenet-bvlc", StringComparison.Ordinal) ? 128 : 96;
        Network narrow = architecture.Build(10, [1, side, side + 32], width: 0.25);
        Assert.Multiple(() =>
        {
            Assert.That(narrow.Outputs.Select(o => o.Shape[1].Size), Is.All.EqualTo(10));
            Assert.That(narrow.ParameterCount, Is.LessThan(architecture.Build(10).ParameterCount / 8));
        });
    }

    private static long MacsOf(NetworkSummary summary, string block) =>
        summary.Layers.Where(l => l.Name.StartsWith(block, StringComparison.Ordinal)).Sum(l => l.Macs);

    private static long WeightsOf(NetworkSummary summary, string block) => summary.Network.Parameters
        .Where(p => p.Role == ParameterRole.Weight && p.Name.StartsWith(block, StringComparison.Ordinal)).Sum(p => p.Shape.CountPerSample());
}
