using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Runtime;

/// <summary>
/// A device that failed at its work: it was lost, its memory did not suffice, or its driver refused. Trainer, evaluator and what they hold
/// on the device are of no more use then; checkpoints that were written before are, on any device.
/// </summary>
public sealed class DeviceException : CnnGraphException
{
    private const int LongestDetail = 300;

    // What Direct3D 12 and DXGI, Vulkan and Dawn, and ONNX Runtime itself call these things.
    private static readonly string[] Losses = ["887A0005", "887A0006", "887A0007", "887A0020", "device lost", "DEVICE_LOST", "device was lost", "device removed"];
    private static readonly string[] Shortages = ["8007000E", "allocate memory", "out of memory", "OUT_OF_DEVICE_MEMORY", "OUT_OF_HOST_MEMORY", "bad_alloc", "bad allocation"];

    internal DeviceException(Device device, string message, Exception? innerException)
        : base(message, innerException) => Device = device;

    /// <summary>The device that failed.</summary>
    public Device Device { get; }

    /// <param name="device">The device.</param>
    /// <param name="work">What it was doing, as a noun: <c>a training step of 64 samples</c>.</param>
    /// <param name="error">What ONNX Runtime said.</param>
    internal static DeviceException Of(Device device, string work, OnnxRuntimeException error) => new(device, Explain($"{device}", work, error.Message), error);

    internal static string Explain(string device, string work, string detail)
    {
        string reason =
            Losses.Any(Says) ? $"{device} was lost during {work}: its driver was reset or replaced, or a step took longer than the system allows. " +
                "Start again, with a smaller batch or on another device if it happens again"
            : Shortages.Any(Says) ? $"{device} has not enough memory for {work}. Take a smaller batch, smaller pictures or a narrower network"
            : $"{device} failed during {work}. A smaller batch or another device may do";
        return $"{reason}. ONNX Runtime says: {Shortened(detail)}";

        bool Says(string word) => detail.Contains(word, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>One line of what ONNX Runtime says, which may be a page of paths and stack frames.</summary>
    internal static string Shortened(string detail)
    {
        string line = string.Join(' ', detail.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > LongestDetail ? $"{line[..LongestDetail]}…" : line;
    }
}
