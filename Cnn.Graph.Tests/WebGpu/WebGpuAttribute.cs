using Cnn.Graph.Tests.Support;

namespace Cnn.Graph.Tests.WebGpu;

/// <summary>Tests that need WebGPU: category <c>WebGPU</c>. Vulkan in software will do.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class WebGpuAttribute() : NeedsDeviceAttribute("WebGPU", Device.WebGpu);
