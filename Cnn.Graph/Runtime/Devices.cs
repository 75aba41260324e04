using Cnn.Graph.Ir;
using Cnn.Graph.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Runtime;

/// <summary>Whether a device can be used here.</summary>
/// <param name="Device">The device.</param>
/// <param name="Name">How the command line calls it.</param>
/// <param name="IsAvailable">Whether a network ran on it.</param>
/// <param name="Reason">Where it is not available: why, and what would mend it.</param>
public sealed record DeviceReport(Device Device, string Name, bool IsAvailable, string? Reason)
{
    /// <summary>The hardware; null where nobody says.</summary>
    public GraphicsAdapter? Adapter { get; init; }

    /// <summary>What the maker calls the hardware; null where nobody says.</summary>
    public string? Hardware => Adapter?.Name;
}

/// <summary>Finds out which devices there are by running something on them.</summary>
public static class Devices
{
    private const string DirectMLProvider = "DmlExecutionProvider";

    /// <summary>The processor, every graphics adapter of DirectML, WebGPU and CUDA, with the reason where one cannot be used.</summary>
    /// <exception cref="CnnGraphException">ONNX Runtime's native library cannot be loaded.</exception>
    public static IReadOnlyList<DeviceReport> List()
    {
        ExecutionProvider.RequireNativeLibrary();
        IReadOnlyList<GraphicsAdapter> adapters = GraphicsAdapter.List();
        IEnumerable<DeviceReport> directML = Enumerable.Range(0, Math.Max(adapters.Count, 1))
            .Select(i => Try(Device.DirectML(i)) with { Adapter = adapters.ElementAtOrDefault(i) });
        return [Try(Device.Cpu), .. directML, Try(Device.WebGpu), Try(Device.Cuda())];
    }

    /// <summary>What <see cref="Device.Auto"/> and adapters by name stand for here; other devices stand for themselves.</summary>
    /// <param name="device">Any device.</param>
    /// <exception cref="CnnGraphException">A name means no adapter, or more than one; the message says which there are.</exception>
    public static Device Resolve(Device device)
    {
        Device directML = Device.DirectML();
        ExecutionProvider.RequireNativeLibrary();
        if (device is NamedDirectMLDevice)
        {
            ExecutionProvider.RequireDirectML();
        }

        return device is NamedDirectMLDevice named ? Device.DirectML(GraphicsAdapter.Find(named.Adapter, GraphicsAdapter.List()).Index)
            : device is not AutoDevice ? device
            : HasDirectML && Try(directML).IsAvailable ? directML
            : Device.Cpu;
    }

    internal static bool HasDirectML => OrtEnv.Instance().GetAvailableProviders().Contains(DirectMLProvider);

    /// <summary>Runs one addition on a device.</summary>
    private static DeviceReport Try(Device device)
    {
        try
        {
            var x = new Input(Label.Fixed("x"), TensorType.Float(1));
            var encoder = new GraphEncoder("probe", Model.DefaultOpset);
            encoder.AddInput(x);
            encoder.AddOutput("y", x + 1);
            using var session = new DeviceSession(encoder.Finish(new Dictionary<string, string>()).ToBytes(), device);
            using OrtValue input = OrtValue.CreateTensorValueFromMemory([1f], [1]);
            using var options = new RunOptions();
            using var results = session.Session.Run(options, ["x"], [input], ["y"]);
            return new DeviceReport(device, device.ToString(), true, null);
        }
        catch (CnnGraphException e)
        {
            return new DeviceReport(device, device.ToString(), false, e.Message);
        }
        catch (OnnxRuntimeException e)
        {
            return new DeviceReport(device, device.ToString(), false, e.Message);
        }
    }
}
