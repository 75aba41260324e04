using System.Text.Json;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Cli;

public class DescribeTests : CliFixture
{
    [Test]
    public void List_shows_every_architecture()
    {
        JsonElement lenet = Json("list").EnumerateArray().Single(a => a.GetProperty("id").GetString() == "lenet5");

        Assert.That(Keys(lenet), Is.EqualTo(new[] { "id", "title", "year", "input", "params" }));
        Assert.That(lenet.GetProperty("title").GetString(), Is.EqualTo("LeNet-5"));
        Assert.That(lenet.GetProperty("year").GetInt32(), Is.EqualTo(1998));
        Assert.That(lenet.GetProperty("input").GetRawText().ReplaceLineEndings("").Replace(" ", ""), Is.EqualTo("[1,28,28]"));
        Assert.That(lenet.GetProperty("params").GetInt64(), Is.EqualTo(61_706));
        Assert.That(Succeed("list").Output, Does.Match("id +title +year +input +parameters\n").And.Match("lenet5 +LeNet-5 +1998 +1x28x28 +61,706\n"));
    }

    [Test]
    public void Describe_gives_the_layers_and_their_totals()
    {
        JsonElement lenet = Json("describe", "lenet5");
        JsonElement last = lenet.GetProperty("layers").EnumerateArray().Last();

        Assert.That(Keys(lenet), Is.EqualTo(new[]
        {
            "id", "input", "classes", "params", "macs", "weightLayers", "activationBytes", "forwardBytes", "trainingBytes", "connections",
            "convolutions", "dense", "layers",
        }));
        Assert.That(Keys(last), Is.EqualTo(new[]
        {
            "name", "op", "out", "params", "macs", "receptiveField", "jump", "center", "connections",
        }));
        Assert.That(lenet.GetProperty("id").GetString(), Is.EqualTo("lenet5"));
        Assert.That(lenet.GetProperty("classes").GetInt32(), Is.EqualTo(10));
        Assert.That(lenet.GetProperty("params").GetInt64(), Is.EqualTo(61_706));
        Assert.That(lenet.GetProperty("macs").GetInt64(), Is.EqualTo(416_520));
        Assert.That(lenet.GetProperty("weightLayers").GetInt32(), Is.EqualTo(5));
        Assert.That(lenet.GetProperty("activationBytes").GetInt64(), Is.EqualTo(58_888));
        Assert.That(last.GetProperty("out")[0].GetInt32(), Is.EqualTo(10));
        Assert.That(last.GetProperty("receptiveField").GetInt32(), Is.EqualTo(32));
        Assert.That(last.GetProperty("jump").GetInt32(), Is.EqualTo(4));
    }

    /// <summary>LeNet-5 with a number for everything: 37,632 bytes are C1's output before and behind its tanh.</summary>
    [Test]
    public void Describe_gives_memory_connections_and_shares()
    {
        JsonElement lenet = Json("describe", "lenet5"), training = lenet.GetProperty("trainingBytes");
        JsonElement convolutions = lenet.GetProperty("convolutions"), dense = lenet.GetProperty("dense");
        JsonElement c3 = lenet.GetProperty("layers").EnumerateArray().Single(l => l.GetProperty("name").GetString() == "c3");

        Assert.That(lenet.GetProperty("forwardBytes").GetInt64(), Is.EqualTo(37_632));
        Assert.That(Keys(training), Is.EqualTo(new[] { "sample", "parameters", "gradients", "states" }));
        Assert.That(training.GetProperty("sample").GetInt64(), Is.EqualTo(35_552));
        Assert.That(training.GetProperty("states").GetInt64(), Is.EqualTo(246_824), "a velocity for each parameter, as in the recipe");
        Assert.That(lenet.GetProperty("connections").GetInt64(), Is.EqualTo(429_342));
        Assert.That(Keys(convolutions), Is.EqualTo(new[] { "layers", "params", "macs", "paramShare", "macShare" }));
        Assert.That(Keys(dense), Is.EqualTo(Keys(convolutions)));
        Assert.That(convolutions.GetProperty("params").GetInt64(), Is.EqualTo(156 + 2_416 + 48_120));
        Assert.That(dense.GetProperty("macShare").GetDouble(), Is.EqualTo(10_920 / 416_520.0));
        Assert.That(c3.GetProperty("connections").GetInt64(), Is.EqualTo(241_600));
        Assert.That(c3.GetProperty("center").GetDouble(), Is.EqualTo(5));
    }

    [Test]
    public void Describe_takes_another_input_and_other_classes()
    {
        JsonElement lenet = Json("describe", "LeNet5", "--input", "3x32x48", "--classes", "7");

        Assert.That(lenet.GetProperty("input").EnumerateArray().Select(d => d.GetInt32()), Is.EqualTo(new[] { 3, 32, 48 }));
        Assert.That(lenet.GetProperty("classes").GetInt32(), Is.EqualTo(7));
        Assert.That(lenet.GetProperty("layers").EnumerateArray().Last().GetProperty("out")[0].GetInt32(), Is.EqualTo(7));
    }

    [Test]
    public void Describe_prints_a_table() => Assert.That(
        Succeed("describe", "lenet5").Output,
        Does.Match("layer +operator +output +parameters +MACs +activation bytes +receptive field")
            .And.Match(@"c3 +Conv +16x10x10 +2,416 +240,000 +6,400 +14x14")
            .And.Contain("61,706 parameters").And.Contain("429,342 connections").And.Match("convolutions: 82.2 % .* dense layers: 17.8 %")
            .And.Contain("training as in its recipe keeps 35,552 bytes"));

    [Test]
    public void Describe_draws_a_page()
    {
        CliResult result = Succeed("describe", "lenet5", "--html", InFolder("lenet5.html"));
        string page = File.ReadAllText(InFolder("lenet5.html"));

        Assert.That(result.Output, Is.Empty);
        Assert.That(result.Error, Is.EqualTo($"cnn: the layers of LeNet-5 are drawn in '{InFolder("lenet5.html")}'\n"));
        Assert.That(page, Does.StartWith("<!DOCTYPE html>\n<html ").And.Contain("<svg ").And.Contain(">output_scores<"));
        Assert.That(page, Does.Contain("Activations in training"));
    }

    [Test]
    public void A_page_goes_with_a_document()
    {
        JsonElement lenet = Json("describe", "lenet5", "--classes", "7", "--html", InFolder("lenet5.html"));

        Assert.That(lenet.GetProperty("classes").GetInt32(), Is.EqualTo(7));
        Assert.That(File.ReadAllText(InFolder("lenet5.html")), Does.Contain("output_scores 7"));
    }

    [Test]
    public void A_page_that_cannot_be_written_is_a_failure()
    {
        Fails(1, ["no/page.html", "does not exist"], "describe", "lenet5", "--html", InFolder("no/page.html"));
        Assert.That(FilesLeft, Is.Empty);
    }

    [Test]
    public void Help_and_version_succeed()
    {
        Assert.That(Succeed("--help").Output, Does.Contain("train-graph"));
        Assert.That(Succeed("train", "--help").Output, Does.Contain("--weight-decay"));
        Assert.That(Succeed("--version").Output, Does.StartWith("0.1.0"));
    }
}
