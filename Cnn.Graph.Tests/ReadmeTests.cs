using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace Cnn.Graph.Tests;

/// <summary>What the README shows is what the samples hold, which are compiled with the tests.</summary>
public class ReadmeTests
{
    [Test]
    public void The_program_in_the_README_is_the_sample()
    {
        string root = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, ".."));
        Assume.That(File.Exists(Path.Combine(root, "README.md")), "the tests run without their sources");
        string readme = File.ReadAllText(Path.Combine(root, "README.md")), sample = File.ReadAllText(Path.Combine(root, "samples", "TrainLeNet", "Program.cs"));
        Assert.That(readme.ReplaceLineEndings("\n"), Does.Contain($"```csharp\n{sample.ReplaceLineEndings("\n")}```\n"));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
