using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>What the README shows is what the samples hold, which are compiled with the tests.</summary>
public class ReadmeTests
{
    [Test]
    public void The_program_in_the_README_is_the_sample() =>
        Assert.That(Source("README.md"), Does.Contain($"```csharp\n{Source("samples", "TrainLeNet", "Program.cs")}```\n"));

    [Test]
    public void The_other_snippet_in_the_README_is_one_of_the_samples() => Assert.That(
        Source("README.md"), Does.Contain($"```csharp\n{Source("samples", "Snippets", "Branches.cs").Split(["// <snippet>\n", "// </snippet>\n"], StringSplitOptions.None)[1]}```\n"));

    [Test]
    public void The_snippet_builds()
    {
        (Network saliency, Optimizer optimizer) = Snippets.Branches.Build();
        Assert.That(saliency.Outputs.Select(o => $"{o.Shape}"), Is.EqualTo(new[] { "[N, 10]", "[N, 3, 32, 32]" }));
        Assert.That(saliency.Parameters.Where(optimizer.Trains).Select(p => p.Name), Has.None.StartsWith("conv1/").And.Some.StartsWith("residual/"));
        Assert.That(Model.Initialize(saliency).ToOnnx().Outputs, Has.Count.EqualTo(2));
    }

    private static string Source(params string[] path)
    {
        // The tests lie somewhere below the sources; where they were copied elsewhere, there is nothing to compare.
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Cnn.Graph.sln")))
        {
            root = root.Parent;
        }

        Assume.That(root, Is.Not.Null, "the tests run without their sources");
        return File.ReadAllText(Path.Combine([root!.FullName, .. path])).ReplaceLineEndings("\n");
    }
}
