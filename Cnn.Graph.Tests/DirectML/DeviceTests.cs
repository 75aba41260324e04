using Cnn.Graph.Data;
using Cnn.Graph.Evaluation;
using Cnn.Graph.Runtime;
using Cnn.Graph.Tests.Support;
using NUnit.Framework;

namespace Cnn.Graph.Tests.DirectML;

[DirectML]
public class DeviceTests
{
    [Test]
    public void Auto_means_DirectML_where_it_works() => Assert.That(Devices.Resolve(Device.Auto), Is.EqualTo(Device.DirectML()));

    [Test]
    public void An_adapter_that_is_not_there_is_named()
    {
        // Caught by hand, because under Wine .NET does not survive exceptions that pass through reflection, as NUnit's constraints use it.
        string? message = null;
        try
        {
            using var trainer = new Trainer(Digits.Network(), new TrainingOptions { Device = Device.DirectML(7) });
        }
        catch (CnnGraphException e)
        {
            message = e.Message;
        }

        Assert.That(message, Does.StartWith("There is no directml:7: this machine has directml:0 ("));
    }

    [Test]
    public void The_hardware_is_named() =>
        Assert.That(Devices.List().Single(d => d.Device == Device.DirectML()), Has.Property("Hardware").Not.Empty.And.Property("IsAvailable").True);

    [Test]
    public void Adapters_are_found_by_number_name_and_LUID()
    {
        GraphicsAdapter first = GraphicsAdapter.List()[0];
        Assert.That(
            new[] { "directml:0", $"directml:{first.Luid.ToUpperInvariant().Replace('X', 'x')}", $"directml:{first.Name}" }.Select(d => Devices.Resolve(Device.Parse(d))),
            Is.All.EqualTo(Device.DirectML()));
    }

    [Test]
    public void Evaluation_answers_as_on_the_CPU()
    {
        ImageDataset set = Digits.Of(21);
        Model model = Model.Initialize(Digits.Network(), seed: 1);
        EvaluationResult onAdapter = Evaluate(Device.DirectML()), onCpu = Evaluate(Device.Cpu);
        Assert.That(onAdapter.Accuracy, Is.EqualTo(onCpu.Accuracy));
        Assert.That(onAdapter.Loss, Is.EqualTo(onCpu.Loss).Within(1e-6));

        EvaluationResult Evaluate(Device device)
        {
            using var evaluator = new Evaluator(model.ToOnnx(), device);
            return evaluator.Evaluate(set, Normalization.Of(set), batchSize: 8);
        }
    }
}
