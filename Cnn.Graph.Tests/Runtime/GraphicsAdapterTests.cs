using Cnn.Graph.Runtime;
using NUnit.Framework;

namespace Cnn.Graph.Tests.Runtime;

/// <summary>Which adapter a text means.</summary>
public class GraphicsAdapterTests
{
    private static readonly GraphicsAdapter[] Adapters =
    [
        new(0, "AMD Radeon RX 7600", "0x000000000000c0de", 8L << 30, false),
        new(1, "AMD Radeon 780M", "0x000000000000beef", 1L << 29, false),
        new(2, "Microsoft Basic Render Driver", "0x00000000000000ff", 0, true),
    ];

    [TestCase("1", 1)]
    [TestCase("0X000000000000BEEF", 1)]
    [TestCase("rx 7600", 0)]
    [TestCase("780m", 1)]
    [TestCase("Basic", 2)]
    public void Is_the_one(string text, int index) => Assert.That(GraphicsAdapter.Find(text, Adapters).Index, Is.EqualTo(index));

    [TestCase("radeon", "'radeon' may mean several adapters: directml:0 (AMD Radeon RX 7600), directml:1 (AMD Radeon 780M).")]
    [TestCase("nvidia", "There is no directml:nvidia: this machine has directml:0 (AMD Radeon RX 7600), directml:1 (AMD Radeon 780M), directml:2 (Microsoft Basic Render Driver).")]
    public void Or_what_there_is_is_told(string text, string message) =>
        Assert.That(() => GraphicsAdapter.Find(text, Adapters), Throws.TypeOf<CnnGraphException>().With.Message.EqualTo(message));

    [Test]
    public void Devices_are_read_as_they_are_written()
    {
        Assert.That(Device.Parse("DirectML:1"), Is.EqualTo(Device.DirectML(1)).And.EqualTo(Device.DirectML("1")));
        Assert.That(Device.Parse("directml:radeon").ToString(), Is.EqualTo("directml:radeon"));
        Assert.That(Device.Parse("WebGPU"), Is.EqualTo(Device.WebGpu));
        Assert.That(Device.Parse("cuda:2"), Is.EqualTo(Device.Cuda(2)));
        Assert.That(Device.Parse("cuda"), Is.EqualTo(Device.Cuda()));
        Assert.That(() => Device.Parse("cuda:x"), Throws.TypeOf<CnnGraphException>().With.Message.Contains("write cuda:0"));
        Assert.That(() => Device.Parse("directml: "), Throws.TypeOf<CnnGraphException>().With.Message.Contains("names no adapter"));
        Assert.That(() => Device.Parse("webgpu:1"), Throws.TypeOf<CnnGraphException>().With.Message.Contains("only directml and cuda take an adapter"));
    }
}
