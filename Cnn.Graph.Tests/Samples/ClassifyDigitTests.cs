using System.Reflection;
using Cnn.Graph.Tests.DirectML;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Samples;

/// <summary>The sample that embeds a trained model in a program, run as a program.</summary>
[NonParallelizable] // it writes to the console
public class ClassifyDigitTests
{
    private static readonly string Seven = Path.Combine(AppContext.BaseDirectory, "seven.pgm");

    [Test]
    public void It_knows_the_digit() => Assert.That(Run(Seven).Text, Does.StartWith("7, on "));

    [Test]
    [DirectML]
    public void On_Windows_it_runs_on_DirectML() => Assert.That(Run(Seven), Is.EqualTo((0, "7, on DirectML")));

    [Test]
    public void Upside_down_it_is_another_digit()
    {
        byte[] file = File.ReadAllBytes(Seven);
        using var folder = new TemporaryFolder();
        Assert.That(Run(folder.Write("turned.pgm", [.. file[..^784], .. file[^784..].Reverse()])).Text, Does.Not.StartWith("7").And.Contains(", on "));
    }

    [Test]
    public void Another_file_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.pgm", [.. "P5\n2 2\n255\n"u8, 1, 2, 3, 4]);
        Assert.That(Run(path), Is.EqualTo((1, $"'{path}' is no portable graymap (P5, without comments) of 28x28 pixels")));
    }

    private static (int Code, string Text) Run(string picture)
    {
        (TextWriter output, TextWriter error) = (Console.Out, Console.Error);
        using var text = new StringWriter();
        try
        {
            Console.SetOut(text);
            Console.SetError(text);
            int code = (int)Assembly.Load("ClassifyDigit").EntryPoint!.Invoke(null, [new[] { picture }])!;
            return (code, text.ToString().TrimEnd());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}
