using System.Globalization;
using Cnn.Graph.Text;

namespace Cnn.Graph;

/// <summary>Where a network runs.</summary>
public abstract record Device
{
    private protected Device()
    {
    }

    /// <summary>
    /// DirectML's first adapter where this application has DirectML and an adapter, else the CPU. What was chosen is reported.
    /// </summary>
    public static Device Auto { get; } = new AutoDevice();

    /// <summary>The processor.</summary>
    public static Device Cpu { get; } = new CpuDevice();

    /// <summary>A graphics adapter of any vendor, through DirectML on Windows.</summary>
    /// <param name="adapter">The adapter's number in the order of DXGI, 0 for the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Device DirectML(int adapter = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(adapter);
        return new DirectMLDevice(adapter);
    }

    /// <summary>A graphics adapter of any vendor, through DirectML on Windows.</summary>
    /// <param name="adapter">Its LUID or a part of its name, see <see cref="Runtime.GraphicsAdapter"/>; upper and lower case alike.</param>
    /// <exception cref="ArgumentException">The text is empty.</exception>
    public static Device DirectML(string adapter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(adapter);
        return int.TryParse(adapter, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? DirectML(number) : new NamedDirectMLDevice(adapter);
    }

    /// <summary>
    /// A graphics adapter through WebGPU: Vulkan on Linux, Direct3D 12 on Windows, Metal on macOS; the system chooses which.
    /// </summary>
    public static Device WebGpu { get; } = new WebGpuDevice();

    /// <summary>A graphics adapter of NVIDIA, through CUDA, where the application has ONNX Runtime's native library for it.</summary>
    /// <param name="adapter">The adapter's number in the order of CUDA, 0 for the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is negative.</exception>
    public static Device Cuda(int adapter = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(adapter);
        return new CudaDevice(adapter);
    }

    /// <summary>
    /// Reads <c>auto</c>, <c>cpu</c>, <c>webgpu</c>, <c>cuda</c> or <c>cuda:1</c>, <c>directml</c>, or DirectML's adapter by its number, a
    /// part of its name or its LUID: <c>directml:1</c>, <c>directml:radeon</c>.
    /// </summary>
    /// <param name="text">The text; upper and lower case alike.</param>
    /// <exception cref="CnnGraphException">It is none of these.</exception>
    public static Device Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':', 2);
        string name = parts[0].ToUpperInvariant();
        if (name == "DIRECTML" && parts.Length == 2)
        {
            return parts[1].Trim().Length > 0 ? DirectML(parts[1].Trim()) : throw new CnnGraphException(
                $"'{text}' names no adapter: write directml:0 for the first one, or a part of its name as in directml:radeon.");
        }

        if (name == "CUDA" && parts.Length == 2)
        {
            return int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Cuda(number) : throw new CnnGraphException(
                $"'{text}' names no adapter: write cuda:0 for the first one.");
        }

        return parts.Length > 1
            ? throw new CnnGraphException($"'{text}' is no device: only directml and cuda take an adapter.")
            : name switch
            {
                "AUTO" => Auto,
                "CPU" => Cpu,
                "DIRECTML" => DirectML(),
                "WEBGPU" => WebGpu,
                "CUDA" => Cuda(),
                _ => throw new CnnGraphException($"There is no device '{text}'. {Proposal.For(text, ["auto", "cpu", "directml", "webgpu", "cuda"])}"),
            };
    }
}

internal sealed record AutoDevice : Device
{
    public override string ToString() => "auto";
}

internal sealed record CpuDevice : Device
{
    public override string ToString() => "cpu";
}

internal sealed record DirectMLDevice(int Adapter) : Device
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"directml:{Adapter}");
}

internal sealed record CudaDevice(int Adapter) : Device
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"cuda:{Adapter}");
}

internal sealed record WebGpuDevice : Device
{
    public override string ToString() => "webgpu";
}

/// <summary>An adapter that is yet to be found, see <see cref="Runtime.Devices.Resolve"/>.</summary>
internal sealed record NamedDirectMLDevice(string Adapter) : Device
{
    public override string ToString() => $"directml:{Adapter}";
}
