using System.Text.Json;
using Cnn.Graph.Analysis;
using Cnn.Graph.Architectures;
using Cnn.Graph.Ir;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Architectures;

/// <summary>
/// Every architecture against figures that were computed elsewhere (reference.json): parameters, multiply-accumulates, layers, stages.
/// </summary>
[Parallelizable(ParallelScope.All)]
public class ReferenceTests
{
    private static readonly JsonElement Reference = Load();

    private static IEnumerable<TestCaseData> Covered =>
        ReferenceTable.Covered.Select(row => new TestCaseData(row.Id, row.Entry, row.Stages).SetArgDisplayNames(row.Id));

    private static IEnumerable<TestCaseData> Variants =>
        ReferenceTable.Variants.Select(row => new TestCaseData(row.Id, row.Classes, row.Input, row.Entry).SetArgDisplayNames(row.Entry));

    private static IEnumerable<TestCaseData> Parts =>
        ReferenceTable.Parts.Select(row => new TestCaseData(row.Id, row.Layer, row.Entry).SetArgDisplayNames(row.Entry));

    [TestCaseSource(nameof(Covered))]
    public void Figures_and_stages(string id, string entry, string? stages)
    {
        ArgumentNullException.ThrowIfNull(entry);
        NetworkSummary summary = NetworkSummary.Of(Architecture.Find(id).Build());
        Assert.Multiple(() =>
        {
            RequireFigures(summary, entry);
            if (stages?.Length != 0)
            {
                RequireStages(summary, Reference.GetProperty(entry.Split('/')[0]), stages);
            }
        });
    }

    [TestCaseSource(nameof(Variants))]
    public void Figures_for_other_classes_and_inputs(string id, int? classes, int[]? input, string entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Assert.Multiple(() => RequireFigures(NetworkSummary.Of(Architecture.Find(id).Build(classes, input)), entry));
    }

    [TestCaseSource(nameof(Parts))]
    public void Figures_of_a_part(string id, string layer, string entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Assert.Multiple(() => RequireFigures(NetworkSummary.Of(Architecture.Find(id).Build()[layer].Build("part")), entry));
    }

    /// <summary>What is not covered is told, with the reason.</summary>
    [Test]
    public void Every_entry_is_covered_or_said_not_to_be()
    {
        string[] entries =
        [
            .. from family in Reference.EnumerateObject()
               from variant in family.Value.GetProperty("variants").EnumerateArray()
               where variant.GetProperty("computed").GetBoolean()
               select $"{family.Name}/{variant.GetProperty("id").GetString()}",
        ];
        foreach ((string entry, string reason) in ReferenceTable.NotCovered)
        {
            TestContext.Out.WriteLine($"not covered: {entry}: {reason}");
        }

        string[] told =
        [
            .. ReferenceTable.Covered.Select(row => row.Entry), .. ReferenceTable.Variants.Select(row => row.Entry),
            .. ReferenceTable.Parts.Select(row => row.Entry), .. ReferenceTable.NotCovered.Keys,
        ];
        Assert.That(told, Is.EquivalentTo(entries));
    }

    [Test]
    public void Every_architecture_has_figures() => Assert.That(
        ReferenceTable.Covered.Select(row => row.Id).Concat(ReferenceTable.WithoutEntry.Keys).Distinct(),
        Is.EquivalentTo(Architecture.All.Select(a => a.Id)));

    [Test]
    public void Ids_are_told_apart() => Assert.That(Architecture.All.Select(a => a.Id.Replace('_', '-').ToUpperInvariant()), Is.Unique);

    private static void RequireFigures(NetworkSummary summary, string entry)
    {
        string[] path = entry.Split('/');
        JsonElement expected = Reference.GetProperty(path[0]).GetProperty("variants").EnumerateArray()
            .Single(v => v.GetProperty("id").GetString() == path[1]);
        Require("params", summary.Parameters);
        Require("macs", summary.Macs);
        Require("weightLayers", summary.WeightLayers);
        Require("bnBuffers", summary.Network.Variables.OfType<Statistic>().Sum(s => s.Shape.CountPerSample()));

        void Require(string figure, long actual)
        {
            if (expected.TryGetProperty(figure, out JsonElement number))
            {
                bool isOtherwise = ReferenceTable.CountedOtherwise.TryGetValue((entry, figure), out var row);
                Assert.That(actual, Is.EqualTo(isOtherwise ? row.Here : number.GetInt64()), figure);
            }
        }
    }

    /// <summary>The shapes of the stages, in their order, are among those of the layers' outputs.</summary>
    private static void RequireStages(NetworkSummary summary, JsonElement family, string? key)
    {
        JsonElement stages = key is null ? family.GetProperty("stages")
            : family.TryGetProperty(key, out JsonElement named) ? named
            : family.GetProperty("stages").GetProperty(key);
        string[] outputs = [.. summary.Layers.Select(l => string.Join("x", l.Output))];
        int at = 0;
        foreach (JsonElement stage in stages.EnumerateArray())
        {
            string shape = string.Join("x", stage.EnumerateArray().Skip(1).Select(d => d.GetInt64()));
            int found = Array.IndexOf(outputs, shape, at);
            Assert.That(found, Is.GreaterThanOrEqualTo(0), $"{stage[0]} {shape}");
            at = found < 0 ? at : found;
        }
    }

    private static JsonElement Load()
    {
        using Stream stream = typeof(ReferenceTests).Assembly.GetManifestResourceStream("reference.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }
}
