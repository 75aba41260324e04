using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Cnn.Graph.Runtime;

/// <summary>
/// The parts of ONNX Runtime that compute on devices: how each is set up, what its memory is called, and what to say where it is missing.
/// </summary>
internal static class ExecutionProvider
{
    /// <summary>Options for a session on a device.</summary>
    /// <exception cref="CnnGraphException">The device is not there, or this application's ONNX Runtime has no part for it.</exception>
    public static SessionOptions OptionsFor(Device device)
    {
        RequireNativeLibrary();
        var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, // errors are thrown, with all that would be logged
        };
        try
        {
            options.AddSessionConfigEntry("session.use_deterministic_compute", "1");
            switch (device)
            {
                case DirectMLDevice directML:
                    AddDirectML(options, directML);
                    break;
                case WebGpuDevice:
                    AddWebGpu(options);
                    break;
                case CudaDevice cuda:
                    AddCuda(options, cuda);
                    break;
                case CpuDevice:
                    break;
                default:
                    throw new InvalidOperationException($"{device} was not resolved.");
            }

            return options;
        }
        catch (CnnGraphException)
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>The memory of a device: what ONNX Runtime calls it, and its number; null for the host's.</summary>
    public static (string Name, int Id)? MemoryOf(Device device) => device switch
    {
        DirectMLDevice => ("DML", 0),
        WebGpuDevice => ("WebGPU_Buffer", 0),
        CudaDevice cuda => ("Cuda", cuda.Adapter),
        _ => null,
    };

    /// <exception cref="CnnGraphException">ONNX Runtime's native library, or one that it needs, cannot be loaded.</exception>
    public static void RequireNativeLibrary()
    {
        try
        {
            OrtEnv.Instance();
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or EntryPointNotFoundException)
        {
            throw new CnnGraphException(
                "ONNX Runtime's native library cannot be loaded. Reference the package Microsoft.ML.OnnxRuntime.DirectML in the application on Windows, " +
                $"Microsoft.ML.OnnxRuntime elsewhere, and leave its files beside the program. The system says: {e.GetBaseException().Message}", e);
        }
    }

    /// <exception cref="CnnGraphException">This application's ONNX Runtime has no DirectML.</exception>
    public static void RequireDirectML()
    {
        if (!Devices.HasDirectML)
        {
            throw new CnnGraphException(
                "DirectML is not part of this application's ONNX Runtime. It exists on Windows only: reference the package " +
                "Microsoft.ML.OnnxRuntime.DirectML there, or choose the device cpu.");
        }
    }

    /// <summary>DirectML's rules: no memory pattern, one node after the other.</summary>
    private static void AddDirectML(SessionOptions options, DirectMLDevice device)
    {
        RequireDirectML();
        IReadOnlyList<GraphicsAdapter> adapters = GraphicsAdapter.List();
        if (device.Adapter >= adapters.Count)
        {
            throw new CnnGraphException($"There is no {device}: {GraphicsAdapter.Describe(adapters)}.");
        }

        options.EnableMemoryPattern = false;
        Explained(
            () => options.AppendExecutionProvider_DML(device.Adapter),
            reason => $"DirectML cannot use {adapters[device.Adapter]}. Its driver may be too old for Direct3D 12, or DirectML.dll is missing beside the program. " +
                $"ONNX Runtime says: {reason}");
    }

    /// <summary>
    /// Channels first, because in the other layout, its default, convolutions come out wrong (ONNX Runtime 1.29 on Vulkan, seen in tests
    /// against the CPU); and whole numbers of 64 bits, in which labels are compared.
    /// </summary>
    private static void AddWebGpu(SessionOptions options) => Explained(
        () => options.AppendExecutionProvider("WebGPU", new Dictionary<string, string> { ["preferredLayout"] = "NCHW", ["enableInt64"] = "1" }),
        reason => $"WebGPU is not part of this application's ONNX Runtime, or finds no graphics adapter: {reason} On Linux it needs a Vulkan driver.");

    /// <summary>
    /// Without the shortened numbers of tensor cores, which halve the digits, and with algorithms that are chosen and not tried out.
    /// </summary>
    private static void AddCuda(SessionOptions options, CudaDevice device)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains("CUDAExecutionProvider"))
        {
            throw new CnnGraphException(
                "CUDA is not part of this application's ONNX Runtime: reference the package Microsoft.ML.OnnxRuntime.Gpu in place of the others, " +
                "or choose another device.");
        }

        Explained(
            () =>
            {
                using var settings = new OrtCUDAProviderOptions();
                settings.UpdateOptions(new Dictionary<string, string>
                {
                    ["device_id"] = $"{device.Adapter}", ["use_tf32"] = "0", ["cudnn_conv_algo_search"] = "HEURISTIC",
                });
                options.AppendExecutionProvider_CUDA(settings);
            },
            reason => "CUDA needs the native libraries of the package Microsoft.ML.OnnxRuntime.Gpu, NVIDIA's driver, and CUDA and cuDNN in the versions " +
                $"that ONNX Runtime was built for. ONNX Runtime says: {reason}");
    }

    private static void Explained(Action append, Func<string, string> explain)
    {
        try
        {
            append();
        }
        catch (Exception e) when (e is OnnxRuntimeException or SEHException)
        {
            // Where a library that is loaded late is missing, Windows throws by itself.
            string reason = e is SEHException ? "a library that it needs cannot be loaded." : DeviceException.Shortened(e.Message);
            throw new CnnGraphException(explain(reason), e);
        }
    }
}
