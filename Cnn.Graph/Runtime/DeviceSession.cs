using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Cnn.Graph.Runtime;

/// <summary>A model loaded onto a device.</summary>
internal sealed class DeviceSession : IDisposable
{
    /// <summary>All sessions of WebGPU share one queue of commands, which takes them from one thread at a time (ONNX Runtime 1.29).</summary>
    private static readonly object WebGpuQueue = new();

    private readonly Device _device;
    private readonly OrtMemoryInfo? _memory;
    private readonly OrtAllocator? _allocator;

    /// <param name="model">The ONNX model.</param>
    /// <param name="device">The device; not <see cref="Device.Auto"/>.</param>
    /// <param name="allowCpuFallback">
    /// Whether nodes that the device cannot run may run on the CPU; if not, they are an error that names them.
    /// </param>
    /// <param name="profile">Where to write how each node ran, without the ending; nowhere if null.</param>
    /// <exception cref="CnnGraphException">The device is not there, or ONNX Runtime refuses the model.</exception>
    public DeviceSession(byte[] model, Device device, bool allowCpuFallback = false, string? profile = null)
    {
        _device = device;
        using Turn turn = Enter();
        using SessionOptions options = ExecutionProvider.OptionsFor(device);
        if (!allowCpuFallback && device is not CpuDevice)
        {
            options.AddSessionConfigEntry("session.disable_cpu_ep_fallback", "1");
        }

        if (profile is not null)
        {
            // The file is opened, under whatever name there is, when profiling is switched on.
            options.ProfileOutputPathPrefix = profile;
            options.EnableProfiling = true;
        }

        try
        {
            Session = new InferenceSession(model, options);
        }
        catch (OnnxRuntimeException e) when (!allowCpuFallback && e.Message.Contains("fallback to CPU EP has been explicitly disabled", StringComparison.Ordinal))
        {
            IEnumerable<NodePlacement> fallen = NodePlacement.Of(model, device).Where(n => n.Provider == NodePlacement.Cpu);
            throw new CnnGraphException(
                $"{device} cannot run all of the model; on the CPU would run {NodePlacement.Describe(fallen)}. " +
                "Allow that (`AllowCpuFallback`, --allow-cpu-fallback), or choose another device.", e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new CnnGraphException($"ONNX Runtime cannot load the model on {device}: {e.Message}", e);
        }

        if (ExecutionProvider.MemoryOf(device) is { } memory)
        {
            _memory = new OrtMemoryInfo(memory.Name, OrtAllocatorType.DeviceAllocator, memory.Id, OrtMemType.Default);
            _allocator = new OrtAllocator(Session, _memory);
        }
    }

    /// <summary>What the model takes and gives. Work on the device goes through the methods below, which explain what fails.</summary>
    public InferenceSession Session { get; }

    /// <summary>Whether the device computes in the host's memory, so that tensors need no transfer.</summary>
    public bool IsHost => _allocator is null;

    /// <summary>Waits until the device is free for this thread; it is until the result is disposed.</summary>
    public Turn Enter() => new(_device is WebGpuDevice ? WebGpuQueue : null);

    /// <summary>A tensor in the device's memory.</summary>
    /// <exception cref="DeviceException">There is not enough of it.</exception>
    public OrtValue Allocate(TensorElementType type, long[] shape) => Work(
        $"a tensor of [{string.Join(", ", shape)}]", () => OrtValue.CreateAllocatedTensorValue(_allocator ?? OrtAllocator.DefaultInstance, type, shape));

    /// <summary>Runs the model on what is bound, and waits for what it gives.</summary>
    /// <param name="work">What it does, as a noun, for errors.</param>
    /// <param name="options">Options of the run.</param>
    /// <param name="binding">Inputs and outputs.</param>
    /// <exception cref="DeviceException">The device failed.</exception>
    public void Run(string work, RunOptions options, OrtIoBinding binding) => Work(work, () =>
    {
        Session.RunWithBinding(options, binding);
        if (!IsHost)
        {
            binding.SynchronizeBoundOutputs();
        }

        return true;
    });

    /// <summary>Runs the model.</summary>
    /// <inheritdoc cref="Run(string, RunOptions, OrtIoBinding)"/>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        string work, RunOptions options, IReadOnlyCollection<string> inputNames, IReadOnlyCollection<OrtValue> inputs, IReadOnlyCollection<string> outputNames) =>
        Work(work, () => Session.Run(options, inputNames, inputs, outputNames));

    public void Dispose()
    {
        using Turn turn = Enter();
        _allocator?.Dispose();
        _memory?.Dispose();
        Session.Dispose();
    }

    private T Work<T>(string work, Func<T> action)
    {
        using Turn turn = Enter();
        try
        {
            return action();
        }
        catch (OnnxRuntimeException e)
        {
            throw DeviceException.Of(_device, work, e);
        }
    }

    /// <summary>A thread's turn on a device; turns within turns are fine.</summary>
    public readonly struct Turn : IDisposable
    {
        private readonly object? _gate;

        public Turn(object? gate)
        {
            _gate = gate;
            if (gate is not null)
            {
                Monitor.Enter(gate);
            }
        }

        public void Dispose()
        {
            if (_gate is not null)
            {
                Monitor.Exit(_gate);
            }
        }
    }
}
