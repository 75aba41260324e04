using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.DirectML;

/// <summary>What one is told where there is no DirectML.</summary>
public class WithoutDirectMLTests
{
    private DeviceReport _report = null!;

    [OneTimeSetUp]
    public void RequireNoDirectML()
    {
        _report = Devices.List().Single(d => d.Device == Device.DirectML());
        Assume.That(_report.IsAvailable, Is.False, "skipped: DirectML is here");
    }

    [Test]
    public void The_list_of_devices_says_why() => Assert.That(_report.Reason, Does.Contain("DirectML").Or.Contain("directml"));

    [Test]
    public void An_adapter_by_name_does_not_become_the_CPU() =>
        Assert.That(() => Devices.Resolve(Device.DirectML("radeon")), Throws.TypeOf<CnnGraphException>().With.Message.EqualTo(_report.Reason));

    [Test]
    public void Auto_means_the_CPU() => Assert.That(Devices.Resolve(Device.Auto), Is.EqualTo(Device.Cpu));

    [Test]
    public void Nothing_falls_back_silently() => Assert.That(
        () => new Trainer(Digits.Network(), new TrainingOptions { Device = Device.DirectML() }),
        Throws.InstanceOf<CnnGraphException>().With.Message.EqualTo(_report.Reason));
}
