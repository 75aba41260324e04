using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Operators;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>NASNet-A and AmoebaNet-A, beyond the figures of reference.json.</summary>
[Parallelizable(ParallelScope.All)]
public class SearchedNetworkTests
{
    /// <summary>In millions: the papers' figures.</summary>
    [TestCase("nasnet-mobile", 5.3, 564)]
    [TestCase("nasnet-large", 88.8, 23_800)]
    [TestCase("amoebanet-a", 86.7, 23_100)]
    [TestCase("amoebanet-a-448", 469, 104_000)]
    public void Published_figures_to_half_a_percent(string id, double parameters, double macs)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find(id).Build());
        Assert.Multiple(() =>
        {
            Assert.That(summary.Parameters / 1e6, Is.EqualTo(parameters).Within(0.5).Percent);
            Assert.That(summary.Macs / 1e6, Is.EqualTo(macs).Within(0.5).Percent);
        });
    }

    /// <summary>
    /// The port to PyTorch that reference.json was computed with makes up for TensorFlow's padding on even sizes: in reduction cells it
    /// runs the first separable convolution of each branch with a row and a column more and crops them. With them our count is its own.
    /// </summary>
    [TestCase("nasnet-mobile", 15, 568_234_858)]
    [TestCase("nasnet-large", 5, 23_809_955_634)]
    public void Multiplications_of_the_port(string id, int cropped, long expected)
    {
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find(id).Build());
        Ir.Node[] first =
        [
            .. from node in summary.Network.Nodes
               where node.Name.Contains("separable1/depthwise", StringComparison.Ordinal)
               let cell = node.Name.Split('/')[0]
               where cell.StartsWith("reduction", StringComparison.Ordinal) || cell == "cell_stem_1"
               let entering = summary.Network.Nodes.First(n => n.Name == $"{cell}/last/conv").Output.Shape[2].Size
               where entering % 2 == 0
               select node,
        ];
        long more = first.Sum(node =>
        {
            (long channels, long side) = (node.Output.Shape[1].Size, node.Output.Shape[2].Size);
            return channels * (((Conv)node.Op).Window.Taps + channels) * (((side + 1) * (side + 1)) - (side * side));
        });
        Assert.Multiple(() =>
        {
            Assert.That(first, Has.Length.EqualTo(cropped));
            Assert.That(summary.Macs + more, Is.EqualTo(expected));
        });
    }

    /// <summary>
    /// The head pools the second stage, then 1x1 kernels to 128 channels, kernels as large as what is left (4x4, 6x6) to 768, and a dense
    /// layer.
    /// </summary>
    [TestCase("nasnet-mobile", 528, 4)]
    [TestCase("nasnet-large", 2016, 6)]
    public void Auxiliary_heads(string id, long channels, long side)
    {
        Network plain = Architecture.Find(id).Build(), both = Architecture.Find($"{id}-aux").Build();
        long head = (channels * 128) + (2 * 128) + (side * side * 128 * 768) + (2 * 768) + (769 * 1000);
        Assert.Multiple(() =>
        {
            Assert.That(both.Outputs.Select(o => o.Shape.ToString()), Is.EqualTo(new[] { "[N, 1000]", "[N, 1000]" }));
            Assert.That(both.ParameterCount - plain.ParameterCount, Is.EqualTo(head));
            Assert.That(both.Parameters.Select(p => p.Name), Is.SupersetOf(plain.Parameters.Select(p => p.Name)));
        });
    }

    /// <summary>Behind a reduction NASNet-A large looks back over it, the others at what it took.</summary>
    [TestCase("nasnet-mobile", "cell_3")]
    [TestCase("nasnet-large", "cell_4")]
    [TestCase("amoebanet-a", "cell_5")]
    public void What_the_cell_behind_a_reduction_looks_back_at(string id, string cell)
    {
        Network network = Architecture.Find(id).Build();
        string behind = $"cell_{int.Parse(cell[^1..]) + (id == "nasnet-large" ? 2 : 1)}";
        Assert.That(network[$"{behind}/before_last/relu"].Producer!.Inputs[0].Name, Is.EqualTo($"{cell}/concat"));
    }

    /// <summary>
    /// Where the side is odd, the shifted half of a factorised reduction ends on a zero, so that both halves have one size.
    /// </summary>
    [TestCase(7)]
    [TestCase(8)]
    public void Factorised_reductions_of_odd_and_even_sides(int side)
    {
        Network network = Architecture.Find("nasnet-mobile").Build(input: [3, (2 * side) + 1, (2 * side) + 1], width: 0.1);
        Ir.Value joined = network["cell_stem_1/before_last/concat"];
        Assert.Multiple(() =>
        {
            Assert.That(network["conv0"].Shape[2].Size, Is.EqualTo(side));
            Assert.That(joined.Producer!.Inputs.Select(i => i.Shape[2].Size), Is.All.EqualTo(4));
        });
    }
}
